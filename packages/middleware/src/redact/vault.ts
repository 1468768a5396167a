import type { TextRule } from "../rewrite/text-rule.ts";

/** What a token looks like; the number is what tells tokens of a kind apart. */
const tokens = /<([A-Z][A-Z0-9]{0,30})_(\d{1,9})>/g;
/** How a token begins. */
const unfinished = /<(?:[A-Z][A-Z0-9]{0,30}(?:_\d{0,9})?)?$/;
const longest = 43;

/** The tokens of one call, and what they stand for. */
export class Vault {
  readonly #tokens = new Map<string, string>();
  readonly #values = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  /** Texts in the prompt that look like tokens of ours: they stand for themselves. */
  readonly #taken = new Set<string>();

  /** Looks through a text for what must not be taken for a token. */
  avoid(text: string): void {
    for (const [token] of text.matchAll(tokens)) this.#taken.add(token);
  }

  /** The token for a value: the same each time. */
  tokenOf(kind: string, value: string): string {
    const key = `${kind} ${value}`;
    const known = this.#tokens.get(key);
    if (known !== undefined) return known;
    let token: string;
    let count = this.#counts.get(kind) ?? 0;
    do token = `<${kind}_${++count}>`;
    while (this.#taken.has(token));
    this.#counts.set(kind, count);
    this.#tokens.set(key, token);
    this.#values.set(token, value);
    return token;
  }

  /** Whether nothing was found. */
  get isEmpty(): boolean {
    return this.#tokens.size === 0;
  }

  /** Puts values in the place of their tokens; what is no token of ours stays. */
  restoring(write: (value: string) => string = same): TextRule {
    return {
      find: tokens,
      longest,
      undecidedFrom: (text, from) => {
        const place = Math.max(from, text.length - longest);
        const found = unfinished.exec(text.slice(place));
        return found ? place + found.index : text.length;
      },
      replace: (token) => {
        const value = this.#values.get(token);
        return value === undefined ? token : write(value);
      },
    };
  }
}

const same = (value: string): string => value;
