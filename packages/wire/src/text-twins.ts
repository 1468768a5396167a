import { cutLoose } from "./cut-loose.ts";

/** What a place holds where one event may differ from the next. */
type Hole = "text" | "string" | "number";

/** So many events without a twin after them, and the vendor is taken for one that changes more than is known of. */
const patience = 8;

const nothing: readonly string[] = [];

/** Characters that do not stand for themselves in a JSON string. */
// eslint-disable-next-line no-control-regex
const special = /["\\\u0000-\u001f]/;

/**
 * Knows an event of a stream that differs from one before in nothing but its text and in what nobody reads (counts of events, padding),
 * and takes the text without parsing the rest again: most of the events of most vendors, and most of the time that reading a stream
 * takes.
 *
 * It is exact. What stands around the places that may differ is the same, character by character, and in each of them is one JSON
 * string or number, as before: so the event parses to the same value but for these.
 */
export class TextTwins {
  readonly #unread: readonly string[];
  /** What stands before the first hole, between holes, and after the last. */
  #pieces: readonly string[] = nothing;
  #holes: readonly Hole[] = [];
  #misses = 0;

  /** @param unread - names of members that may be another in every event, and that nobody reads */
  constructor(unread: readonly string[]) {
    this.#unread = unread;
  }

  /** The text of a twin; `undefined` for an event that must be parsed. */
  textOf(data: string): string | undefined {
    const holes = this.#holes;
    const pieces = this.#pieces;
    let place = 0;
    let text: string | undefined;
    for (let number = 0; number < pieces.length; number++) {
      const piece = pieces[number]!;
      const from = place + piece.length;
      // Twice as fast as `startsWith`, which compares character by character.
      if (data.slice(place, from) !== piece) return undefined;
      const hole = holes[number];
      if (hole === undefined) {
        if (!endsAt(data, from)) return undefined;
        this.#misses = 0;
        return text;
      }
      place = hole === "number" ? endOfNumber(data, from) : endOfString(data, from);
      if (place < 0) return undefined;
      if (hole === "number") continue;
      const string = stringOf(data.slice(from, place));
      if (string === undefined) return undefined;
      if (hole === "text") text = string;
    }
    return undefined;
  }

  /** Whether there is any sense in learning from another event. */
  get learns(): boolean {
    return this.#misses < patience;
  }

  /** Forgets the last event: the next is no twin of it. */
  forget(): void {
    this.#pieces = nothing;
  }

  /**
   * Looks at an event that was parsed and brings a text and nothing else: whether the next may be its twin.
   *
   * @param key - the member that the text stands in
   */
  learn(data: string, key: string, text: string): void {
    this.forget();
    if (text === "" || !this.learns) return;
    this.#misses++;
    const at = placeOf(data, key);
    if (at === undefined || at.hole !== "string" || stringOf(data.slice(at.from, at.to)) !== text) return;

    const places: Place[] = [{ ...at, hole: "text" }];
    for (const name of this.#unread) {
      const unread = placeOf(data, name);
      if (unread) places.push(unread);
    }
    places.sort((one, other) => one.from - other.from);
    const pieces = places
      .map(({ from }, number) => cutLoose(data.slice(places[number - 1]?.to ?? 0, from)))
      .concat(cutLoose(data.slice(places.at(-1)!.to).trimEnd())); // pushed to, it would get room for more
    // A name that is written with escapes could be that of another member.
    if (pieces.some((piece) => piece.includes("\\"))) return;
    this.#pieces = pieces;
    this.#holes = places.map(({ hole }) => hole);
  }
}

interface Place {
  readonly hole: Hole;
  /** Of a string, what is between its quotes. */
  readonly from: number;
  readonly to: number;
}

/** Where the value of a member stands, if there is one of that name alone, and it is a string or a number. */
function placeOf(data: string, name: string): Place | undefined {
  const key = `"${name}":`; // within a string its quotes would be escaped
  const found = data.indexOf(key);
  if (found < 0 || found !== data.lastIndexOf(key)) return undefined;
  let from = found + key.length;
  if (data.charCodeAt(from) === spaceCode) from++;
  if (data.charCodeAt(from) === quoteCode) {
    const to = endOfString(data, from + 1);
    return to < 0 ? undefined : { hole: "string", from: from + 1, to };
  }
  const to = endOfNumber(data, from);
  return to < 0 ? undefined : { hole: "number", from, to };
}

/** Where the quote is that ends a string; negative if there is none. */
function endOfString(data: string, from: number): number {
  let end = data.indexOf('"', from);
  while (end > from && data.charCodeAt(end - 1) === backslashCode) {
    let before = end - 1;
    while (before > from && data.charCodeAt(before - 1) === backslashCode) before--;
    if ((end - before) % 2 === 0) break;
    end = data.indexOf('"', end + 1);
  }
  return end;
}

/** Where a whole number ends; negative if there is none that JSON allows. */
function endOfNumber(data: string, from: number): number {
  let end = from;
  while (isDigit(data.charCodeAt(end))) end++;
  const length = end - from;
  return length === 0 || (length > 1 && data.charCodeAt(from) === zeroCode) ? -1 : end;
}

/** The string that a literal stands for; `undefined` for one that JSON does not allow. */
function stringOf(literal: string): string | undefined {
  if (!special.test(literal)) return literal;
  try {
    return JSON.parse(`"${literal}"`) as string;
  } catch {
    return undefined;
  }
}

/** Whether nothing follows but the blanks that some vendors hide the length of a text with. */
function endsAt(data: string, from: number): boolean {
  for (let place = from; place < data.length; place++) if (data.charCodeAt(place) !== spaceCode) return false;
  return true;
}

const isDigit = (code: number): boolean => code >= zeroCode && code <= 0x39;
const spaceCode = 0x20;
const quoteCode = 0x22;
const zeroCode = 0x30;
const backslashCode = 0x5c;
