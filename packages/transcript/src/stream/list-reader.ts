import type { Json } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { parseJson } from "@plugboard/wire";
import { isAlike, shapeOf } from "./item-shape.ts";
import type { ItemShape } from "./item-shape.ts";
import { jsonFault } from "./json-fault.ts";
import type { Item } from "./read-items.ts";
import { tooLong } from "./too-long.ts";
import { ValueScan } from "./value-scan.ts";

const lineEnd = 0x0a;
/** Bytes in which the first member of an item is looked for. */
const longestName = 512;
const [quote, comma, colon, openList, closeList, openObject, closeObject] = [0x22, 0x2c, 0x3a, 0x5b, 0x5d, 0x7b, 0x7d];

/** A value with its place among the bytes. */
interface Held {
  readonly start: number;
  readonly end: number;
  /** Nothing where it is not JSON. */
  readonly json?: Json;
}

function isJson({ json }: Held): boolean {
  return json !== undefined;
}

/**
 * The items of one list of JSON, while its bytes come. One that is not JSON is given as its text, and the list is gone on with at the
 * comma behind it, if brackets and quotes tell where that is; else at the next object that has the members of those before.
 */
export class ListReader {
  readonly #longest: number;
  #bytes = Buffer.alloc(0);
  #size = 0;
  /** How far it has been looked. */
  #at = 0;
  #state: "before" | "first" | "value" | "after" | "comma" | "ended" | "lost" = "before";
  /** The value that is being looked at; while lost, one that may be an item. */
  #scan: ValueScan | undefined;
  #start = 0;
  /** Read, and not given before it is known that what follows can follow it. */
  #held: Held[] = [];
  #shape: ItemShape | undefined;
  #line = 1;
  #counted = 0;
  #item = 0;
  #isWhole = false;

  constructor(longest: number) {
    this.#longest = longest;
  }

  /** @throws {ModelError} `invalid-request` when it cannot be told where the list goes on, and for a value that is too long */
  *read(chunk: Uint8Array): Generator<Item, void, undefined> {
    this.#append(chunk);
    while (yield* this.#step());
    if (this.#size - this.#kept() > this.#longest) throw tooLong(this.#lineOf(this.#kept()), this.#longest);
  }

  /** @throws {ModelError} `invalid-request` when the list has not come to its end */
  *end(): Generator<Item, void, undefined> {
    this.#isWhole = true;
    while (yield* this.#step());
    // A text without its end takes all that follows for itself: the items in it are looked for.
    const isCut = this.#state === "value";
    const [first] = this.#held;
    const begun = first?.start ?? this.#start;
    if (this.#shape && (isCut || (first && !isJson(first)))) {
      this.#lose(begun);
      while (yield* this.#step());
    } else if (first && !isJson(first) && this.#mayHoldItems(first)) yield* this.#loseOrStop();
    yield* this.#give();
    if (this.#state === "ended") return;
    if (this.#state === "value" || this.#state === "lost") {
      const last = this.#before(this.#size);
      // The bracket of the list, unless the file ends within a value that nothing else was found wrong with.
      const isClosed = this.#state === "lost" && this.#bytes[last] === closeList && !(isCut && this.#start === begun);
      yield this.#bad(this.#start, isClosed ? last : this.#size);
      if (isClosed) return;
    }
    throw this.#stop(this.#size, this.#state === "before" ? "[" : "a comma or ]", "the file ends within the list");
  }

  /** Makes one step. @returns false when there is nothing more to look at */
  *#step(): Generator<Item, boolean, undefined> {
    if (this.#state === "lost") return yield* this.#search();
    if (this.#state === "value") return yield* this.#readValue();
    while (this.#at < this.#size && this.#bytes[this.#at]! <= 0x20) this.#at++;
    if (this.#at >= this.#size) return false;
    const byte = this.#bytes[this.#at]!;
    switch (this.#state) {
      case "before":
        if (byte !== openList) throw this.#stop(this.#at, "[", "it is no list");
        return this.#next("first");
      case "first":
        if (byte === closeList) return this.#next("ended");
        return yield* this.#begin(byte);
      case "after":
        return yield* this.#goOn(byte);
      case "comma":
        return yield* this.#begin(byte);
      case "ended":
        // It was no end: a broken item took it for one, or has one bracket more.
        if (this.#shape && this.#held[0] && (byte === comma || !isJson(this.#held[0])))
          return this.#lose(this.#held[0].start);
        yield* this.#give();
        break;
    }
    throw this.#stop(this.#at, "the end of the file", "something follows the list");
  }

  #next(state: "first" | "comma" | "ended"): true {
    this.#at++;
    this.#state = state;
    return true;
  }

  *#readValue(): Generator<Item, boolean, undefined> {
    const scan = this.#scan!;
    const found = scan.read(this.#bytes, this.#size);
    if (found === "more") return false;
    if (found === "broken") {
      this.#at = scan.at;
      return yield* this.#loseOrStop();
    }
    this.#at = scan.at;
    this.#state = "after";
    this.#held.push(this.#parsed(this.#start, scan.at));
    return true;
  }

  /** What follows a value. */
  *#goOn(byte: number): Generator<Item, boolean, undefined> {
    const value = this.#held.at(-1)!;
    const [before] = this.#held;
    if (before && before !== value && !isJson(before)) {
      this.#shape = shapeOf(value.json);
      return yield* this.#loseOrStop();
    }
    if (byte === comma || byte === closeList) {
      // Now it is known that what came before this one was whole.
      yield* this.#give(1);
      return this.#next(byte === comma ? "comma" : "ended");
    }
    if (byte === openObject && this.#bytes[value.start] === openObject && isJson(value)) {
      yield* this.#give();
      yield this.#missing("a comma");
      return yield* this.#begin(byte);
    }
    return yield* this.#loseOrStop();
  }

  /** What follows a comma, or the beginning. */
  *#begin(byte: number): Generator<Item, boolean, undefined> {
    if (byte === comma || byte === closeList) {
      yield* this.#give();
      yield this.#missing("a value");
      return this.#next(byte === comma ? "comma" : "ended");
    }
    const [before] = this.#held;
    if (byte === closeObject || byte === colon) {
      // What stands behind a comma is of the next one, if the one before it is whole.
      if (before && isJson(before)) yield* this.#give();
      this.#start = this.#at;
      return yield* this.#loseOrStop();
    }
    if (before && !isJson(before)) {
      // Brackets tell where a broken value ends only as long as its quotes do: what follows has to begin like an item.
      if (!this.#isWhole && this.#size - this.#at < longestName) return false;
      if (!this.#beginsAlike(before) || (this.#shape && this.#mayHoldItems(before))) return yield* this.#loseOrStop();
    }
    // An object that a bracket has ended too early goes on with a name, so it waits for what comes after a text.
    // And the first of all, when it is broken, for one by which its like is known.
    const waits =
      before &&
      (isJson(before)
        ? byte === quote && this.#bytes[before.start] === openObject
        : this.#isOpen(before) && !this.#shape);
    if (!waits) yield* this.#give();
    this.#start = this.#at;
    this.#scan = new ValueScan(this.#at, this.#shape !== undefined);
    this.#state = "value";
    return true;
  }

  /** Whether what follows a broken value begins as the items do: with the same member. */
  #beginsAlike(broken: Held): boolean {
    if (!this.#isOpen(broken)) return true;
    const name = this.#firstName(broken);
    if (!name || this.#bytes[this.#at] !== openObject) return false;
    let at = this.#at + 1;
    while (this.#bytes[at]! <= 0x20) at++;
    return Buffer.compare(this.#bytes.subarray(at, at + name.length), name) === 0;
  }

  #isNamed(before: Held): boolean {
    const name = this.#firstName(before);
    return (
      name !== undefined && Buffer.compare(this.#bytes.subarray(this.#start, this.#start + name.length), name) === 0
    );
  }

  /** Whether brackets or quotes tell where it ends: what else there is ends at a comma. */
  #isOpen({ start }: Held): boolean {
    const byte = this.#bytes[start];
    return byte === openObject || byte === openList || byte === quote;
  }

  /** The name that items begin with; as long as there has been none, that of the broken one itself. */
  #firstName({ start, end }: Held): Uint8Array | undefined {
    if (this.#shape) return this.#shape.first;
    const head = this.#bytes.toString("utf8", start, Math.min(end, start + longestName));
    const [, name] = /^\{\s*("(?:[^"\\]|\\.)*")\s*:/.exec(head) ?? [];
    return name === undefined ? undefined : Buffer.from(name);
  }

  /** Whether a broken value that is the last of its list may hold others, of which nothing is known yet. */
  #mayHoldItems(broken: Held): boolean {
    const name = this.#firstName(broken);
    if (!name) return this.#isOpen(broken);
    const found = this.#bytes.subarray(0, broken.end).lastIndexOf(name);
    return this.#bytes.indexOf(name, broken.start) < found;
  }

  *#loseOrStop(): Generator<Item, boolean, undefined> {
    const [before] = this.#held;
    // A name that items begin with, where an item should: it has lost its bracket, and the one before it is whole.
    if (before && isJson(before) && this.#start > before.start && this.#isNamed(before)) {
      yield* this.#give(this.#held.length - 1);
      this.#held = [];
    }
    const start = this.#held[0]?.start ?? this.#start;
    if (this.#shape) return this.#lose(start);
    this.#held = [];
    const bad = this.#bad(start, this.#at + 1);
    yield bad;
    throw this.#stop(this.#at, undefined, `item ${bad.item} is not JSON, and where the next one begins cannot be told`);
  }

  /** From here on an item is looked for. */
  #lose(start: number): true {
    this.#held = [];
    this.#start = start;
    this.#at = start + 1;
    this.#scan = undefined;
    this.#state = "lost";
    return true;
  }

  *#search(): Generator<Item, boolean, undefined> {
    const shape = this.#shape!;
    if (!this.#scan) {
      const found = this.#bytes.subarray(0, this.#size).indexOf(shape.first, this.#at);
      if (found < 0) {
        this.#at = Math.max(this.#at, this.#size - shape.first.length + 1);
        return false;
      }
      this.#at = found + 1;
      const start = this.#before(found);
      const follows = this.#bytes[this.#before(start)];
      if (this.#bytes[start] === openObject && start > this.#start && (follows === comma || follows === closeObject))
        this.#scan = new ValueScan(start, true);
      return true;
    }
    const start = this.#before(this.#at - 1);
    const found = this.#scan.read(this.#bytes, this.#size);
    if (found === "more" && !this.#isWhole) return false;
    const value = found === "ended" ? this.#parsed(start, this.#scan.at) : undefined;
    this.#scan = undefined;
    if (value?.json === undefined || !isAlike(value.json, shape)) return true;
    yield this.#bad(this.#start, start);
    this.#held = [value];
    this.#at = value.end;
    this.#state = "after";
    return true;
  }

  /** The last byte before one that is not blank. */
  #before(at: number): number {
    let before = at - 1;
    while (before > 0 && this.#bytes[before]! <= 0x20) before--;
    return before;
  }

  #parsed(start: number, end: number): Held {
    try {
      return { start, end, json: parseJson(this.#bytes.toString("utf8", start, end)) };
    } catch {
      return { start, end };
    }
  }

  /** Gives what was held, but for the last so many. */
  *#give(keep = 0): Generator<Item, void, undefined> {
    while (this.#held.length > keep) {
      const { start, end, json } = this.#held.shift()!;
      if (json === undefined) yield this.#bad(start, end);
      else {
        this.#shape = shapeOf(json) ?? this.#shape;
        yield { line: this.#lineOf(end - 1), item: ++this.#item, value: { json } };
      }
    }
  }

  /** What is not JSON, without the comma that follows it. */
  #bad(start: number, end: number): Item {
    const text = this.#bytes.toString("utf8", start, end).replace(/[\s,]+$/, "");
    const { at, expected } = jsonFault(text) ?? { at: text.length, expected: "a comma or ]" };
    const line = this.#lineOf(start) + text.slice(0, at).split("\n").length - 1;
    const fault = `It is not JSON: ${expected} was expected at character ${at + 1} of the item.`;
    return { line, item: ++this.#item, value: { text, fault } };
  }

  /** Where nothing stands there is no item to be told: it is of the one that should follow. */
  #missing(expected: string): Item {
    const fault = `It is not JSON: ${expected} was expected before item ${this.#item + 1}. No item is lost by it.`;
    return { line: this.#lineOf(this.#at), item: this.#item + 1, value: { text: "", fault } };
  }

  #stop(at: number, expected: string | undefined, why: string): ModelError {
    const wanted = expected === undefined ? "" : `; ${expected} was expected`;
    return new ModelError(
      `Line ${this.#lineOf(at)}, after item ${this.#item}: ${why}${wanted}. What follows cannot be read.`,
      { code: "invalid-request" },
    );
  }

  /** Asked for places in their order. */
  #lineOf(at: number): number {
    for (;;) {
      const found = this.#bytes.indexOf(lineEnd, this.#counted);
      if (found < 0 || found >= at || found >= this.#size) break;
      this.#line++;
      this.#counted = found + 1;
    }
    this.#counted = Math.max(this.#counted, at);
    return this.#line;
  }

  /** What is still needed begins here. */
  #kept(): number {
    if (this.#held[0]) return this.#held[0].start;
    return this.#state === "value" || this.#state === "lost" ? this.#start : this.#at;
  }

  #append(chunk: Uint8Array): void {
    const kept = this.#kept();
    this.#lineOf(kept);
    const size = this.#size - kept + chunk.length;
    // Twice as much when there is too little, so that a long value is not copied for each piece of it.
    const bytes = size > this.#bytes.length ? Buffer.allocUnsafe(size * 2) : this.#bytes;
    if (kept > 0 || bytes !== this.#bytes) this.#bytes.copy(bytes, 0, kept, this.#size);
    bytes.set(chunk, size - chunk.length);
    this.#bytes = bytes;
    this.#size = size;
    this.#at -= kept;
    this.#start -= kept;
    this.#counted = Math.max(0, this.#counted - kept);
    this.#held = this.#held.map(({ start, end, ...rest }) => ({ start: start - kept, end: end - kept, ...rest }));
    this.#scan?.move(kept);
  }
}
