import { cutLoose } from "@plugboard/wire";
import type { WireChunk, WireDelta } from "./chunk.ts";

/** So many chunks without a twin among them, and the vendor is taken for one that changes more than the text. */
const patience = 8;

/** Characters that do not stand for themselves in a JSON string. */
// eslint-disable-next-line no-control-regex
const special = /["\\\u0000-\u001f]/;

/**
 * Knows a chunk that differs from one before in nothing but its text, and takes the text without parsing the rest again: most of the
 * chunks of most vendors, and most of the time that reading a stream takes.
 *
 * It is exact. What stands before and after the text is the same, character by character, and what is between is one JSON string: so
 * the chunk parses to the same value but for that string.
 */
export class TextTwins {
  #before = "";
  #after = "";
  #misses = 0;

  /** The text of a twin; `undefined` for a chunk that must be parsed. */
  textOf(data: string): string | undefined {
    const [before, after] = [this.#before, this.#after];
    if (before === "" || data.length < before.length + after.length) return undefined;
    if (!data.startsWith(before) || !data.endsWith(after)) return undefined;
    const literal = data.slice(before.length, data.length - after.length);
    try {
      const text = special.test(literal) ? (JSON.parse(`"${literal}"`) as string) : literal;
      this.#misses = 0;
      return text;
    } catch {
      return undefined; // more than one string
    }
  }

  /** Looks at a chunk that was parsed: whether the next may be its twin. */
  learn(data: string, chunk: WireChunk): void {
    this.#before = "";
    if (this.#misses >= patience) return;
    this.#misses++;
    const text = textAlone(chunk);
    if (text === undefined) return;
    const key = '"content":';
    const place = data.indexOf(key);
    const literal = JSON.stringify(text);
    // Within a string the quotes of the key would be escaped; a second member of that name would be another's.
    if (place < 0 || place !== data.lastIndexOf(key) || !data.startsWith(literal, place + key.length)) return;
    this.#before = cutLoose(data.slice(0, place + key.length + 1));
    this.#after = cutLoose(data.slice(place + key.length + literal.length - 1));
  }
}

/** The text of a chunk that brings no more than that, whatever else it repeats. */
function textAlone({ choices, usage, x_groq: groq, error }: WireChunk): string | undefined {
  if (usage || groq || error || choices?.length !== 1) return undefined;
  const { index, delta, finish_reason: reason, logprobs } = choices[0] ?? {};
  if (index || reason || logprobs || !delta || typeof delta.content !== "string" || delta.content === "")
    return undefined;
  for (const name in delta) {
    if (name !== "content" && name !== "role" && delta[name as keyof WireDelta]) return undefined;
  }
  return delta.content;
}
