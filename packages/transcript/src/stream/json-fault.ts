/** Where a text stops being JSON, and what should stand there. */
export interface JsonFault {
  /** Characters before it. */
  readonly at: number;
  /** `a comma or }`. */
  readonly expected: string;
}

const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * What is wrong with a text that `JSON.parse` has refused; it quotes nothing of it. Engines tell it each in their own words, and quote.
 *
 * @returns nothing for text that is JSON
 */
export function jsonFault(text: string): JsonFault | undefined {
  const open: ("{" | "[")[] = [];
  let at = 0;
  let next: "value" | "first" | "name" | "firstName" | "colon" | "after" = "value";
  for (;;) {
    at = behindBlanks(text, at);
    const character = text[at];
    const within = open.at(-1);
    switch (next) {
      case "after": {
        if (within === undefined) return character === undefined ? undefined : { at, expected: "the end" };
        const close = within === "{" ? "}" : "]";
        if (character === ",") next = within === "{" ? "name" : "value";
        else if (character === close) open.pop();
        else return { at, expected: `a comma or ${close}` };
        at++;
        break;
      }
      case "colon":
        if (character !== ":") return { at, expected: "a colon" };
        at++;
        next = "value";
        break;
      case "name":
      case "firstName":
        if (character === "}" && next === "firstName") {
          open.pop();
          next = "after";
          at++;
        } else if (character === '"') {
          const end = behindString(text, at);
          if (typeof end !== "number") return end;
          at = end;
          next = "colon";
        } else return { at, expected: next === "name" ? "the name of a member" : "the name of a member or }" };
        break;
      default:
        if (character === "{" || character === "[") {
          open.push(character);
          next = character === "{" ? "firstName" : "first";
          at++;
        } else if (character === "]" && next === "first") {
          open.pop();
          next = "after";
          at++;
        } else {
          const end = character === '"' ? behindString(text, at) : behindScalar(text, at);
          if (typeof end !== "number") return end;
          at = end;
          next = "after";
        }
    }
  }
}

function behindBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at++;
  return at;
}

function behindScalar(text: string, at: number): number | JsonFault {
  scalar.lastIndex = at;
  return scalar.test(text) ? scalar.lastIndex : { at, expected: "a value" };
}

function behindString(text: string, from: number): number | JsonFault {
  for (let at = from + 1; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') return at + 1;
    if (character < " ") return { at, expected: "the end of a text, or its line end as \\n" };
    if (character !== "\\") continue;
    escape.lastIndex = at;
    if (!escape.test(text))
      return { at, expected: 'an escape: \\", \\\\, \\/, \\b, \\f, \\n, \\r, \\t or \\u and four digits' };
    at = escape.lastIndex - 1;
  }
  return { at: text.length, expected: "the end of a text" };
}
