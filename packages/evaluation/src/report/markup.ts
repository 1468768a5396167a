/** A piece of HTML whose every interpolated text has been escaped. There is no other way to make one than {@link markup} and {@link trusted}. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What may stand in a template: text, which is escaped, and markup, which is not. */
export type Filling = string | number | Markup | readonly Filling[] | undefined;

/**
 * HTML from a template. It is not called `html`, for formatters to leave blanks alone, which count within a `<pre>` and the hash of a script.
 *
 * What models said goes in as text, in elements and in quoted attributes alike, and cannot be
 * anything else.
 */
export function markup(pieces: TemplateStringsArray, ...fillings: readonly Filling[]): Markup {
  let text = pieces[0]!;
  for (const [place, filling] of fillings.entries()) text += textOf(filling) + pieces[place + 1]!;
  return new Markup(text);
}

/** Text of ours, or of a library that escapes: taken as it is. Nothing that a model said goes in here. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

const references: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For HTML and XML, elements and quoted attributes. NUL, which a parser would leave out, is shown to have been there. */
export function escapeMarkup(text: string): string {
  return text.replaceAll("\u0000", "\uFFFD").replace(/[&<>"']/g, (character) => references[character]!);
}

function textOf(filling: Filling): string {
  if (filling === undefined) return "";
  if (filling instanceof Markup) return filling.toString();
  if (typeof filling === "object") return filling.map(textOf).join("");
  return escapeMarkup(String(filling));
}
