import { ModelError, checkOption } from "@plugboard/core";

/** Something to look for in texts. */
export interface TextPattern {
  /** What is looked for: an expression, or texts as they are. */
  readonly find: RegExp | string | readonly string[];
  /**
   * The most characters that a match has, with what it looks at ahead: so much of a stream is held back, since it might be the
   * beginning of one. A match that goes on for longer is held until it ends, if so much of it matches already.
   *
   * @default 256; of texts their own length
   */
  readonly longest?: number;
  /**
   * What an unfinished match looks like at the end of a text: then only that is held back. `/\S+$/` says that a match is within a word.
   *
   * @default anything may be one; of texts, how they begin
   */
  readonly unfinished?: RegExp;
}

/** A pattern, ready to be looked for; several calls may share it. */
export interface TextFinder {
  readonly find: RegExp;
  /** From where on more text may change what matches. */
  readonly undecidedFrom: (text: string, from: number) => number;
  readonly longest: number;
}

/** What is looked for, and what becomes of it. */
export interface TextRule extends TextFinder {
  /** What stands in for a match; it may throw. */
  readonly replace: (match: string) => string;
}

/**
 * Reads a pattern.
 *
 * @throws {ModelError} `invalid-request`, with the field and the accepted values
 */
export function textFinder(pattern: TextPattern, field: string): TextFinder {
  const { find, unfinished } = pattern;
  if (find instanceof RegExp) {
    const { longest = 256 } = pattern;
    checkOption(`${field}.longest`, longest, { least: 1, whole: true });
    const open = unfinished && withFlags(unfinished, "g");
    return {
      find: withFlags(find, "g"),
      longest,
      undecidedFrom(text, from) {
        const far = Math.max(from, text.length - longest);
        if (!open) return far;
        open.lastIndex = far;
        return open.exec(text)?.index ?? text.length;
      },
    };
  }

  const texts = typeof find === "string" ? [find] : [...find];
  if (texts.length === 0 || texts.some((text) => typeof text !== "string" || text === "")) {
    throw new ModelError(`\`${field}.find\` must be an expression, or one text or more that are not empty.`, {
      code: "invalid-request",
    });
  }
  // Of texts that begin alike, the longest is meant.
  const sorted = texts.toSorted((a, b) => b.length - a.length);
  return {
    find: new RegExp(sorted.map(escape).join("|"), "g"),
    longest: sorted[0]!.length,
    undecidedFrom: (text, from) => Math.min(...sorted.map((one) => beginningOf(one, text, from))),
  };
}

/** Where the text ends in a beginning of the other; its length where it does not. */
function beginningOf(wanted: string, text: string, from: number): number {
  for (let length = Math.min(wanted.length - 1, text.length - from); length > 0; length--) {
    if (text.endsWith(wanted.slice(0, length))) return text.length - length;
  }
  return text.length;
}

/** As an expression that matches the text itself. */
export function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}

function withFlags({ source, flags }: RegExp, more: string): RegExp {
  return new RegExp(source, [...new Set(flags.replace("y", "") + more)].join(""));
}
