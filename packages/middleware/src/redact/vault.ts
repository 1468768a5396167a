import { ModelError } from "@plugboard/core";
import type { TextRule } from "../rewrite/text-rule.ts";

/** What a token looks like; the number is what tells tokens of a kind apart. */
const tokens = /<([A-Z][A-Z0-9]{0,30})_(\d{1,9})>/g;
/** How a token begins. */
const unfinished = /<(?:[A-Z][A-Z0-9]{0,30}(?:_\d{0,9})?)?$/;
const longest = 43;

/** Tokens, and what they stand for: of one call, or of all calls of a conversation. */
export class Vault {
  readonly #tokens = new Map<string, string>();
  readonly #values: Map<string, string>;
  readonly #counts = new Map<string, number>();
  /** Texts in the prompt that look like tokens of ours: they stand for themselves. */
  readonly #taken = new Set<string>();

  /** @param values - of calls before, by their tokens; those of this call are added */
  constructor(values: Map<string, string> = new Map<string, string>()) {
    this.#values = values;
    for (const [token, value] of values) {
      const { kind, number } = partsOf(token);
      this.#tokens.set(`${kind} ${value}`, token);
      this.#counts.set(kind, Math.max(number, this.#counts.get(kind) ?? 0));
    }
  }

  /** Looks through a text for what must not be taken for a token. */
  avoid(text: string): void {
    for (const [token] of text.matchAll(tokens)) this.#avoidToken(token);
  }

  /** One that is given already is given up: its value gets another. */
  #avoidToken(token: string): void {
    this.#taken.add(token);
    const value = this.#values.get(token);
    if (value === undefined) return;
    this.#values.delete(token);
    this.#tokens.delete(`${partsOf(token).kind} ${value}`);
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

  /** Whether there is nothing that an answer could speak of. */
  get isEmpty(): boolean {
    return this.#values.size === 0;
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

/** @throws {ModelError} `invalid-request` for what is no token of ours */
function partsOf(token: string): { readonly kind: string; readonly number: number } {
  const [whole, kind, number] = new RegExp(tokens.source).exec(token) ?? [];
  if (whole === token) return { kind: kind!, number: Number(number) };
  const message = `\`memory\` must hold tokens such as <EMAIL_1>, and what they stand for; "${token.slice(0, 80)}" is none.`;
  throw new ModelError(message, { code: "invalid-request" });
}
