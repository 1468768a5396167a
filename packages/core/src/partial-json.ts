import type { Json } from "./json.ts";

/** A container that is still open, and where its next value goes. */
interface Level {
  readonly holder: unknown[] | Record<string, unknown>;
  key: string | number;
}

/** What the text may go on with. */
type State =
  | "value"
  | "first-value"
  | "first-key"
  | "key"
  | "colon"
  | "next"
  | "text"
  | "key-text"
  | "word"
  | "over"
  | "broken";

const words: Readonly<Record<string, Json>> = { true: true, false: false, null: null };
const numeral = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
const short: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const [quote, backslash] = [0x22, 0x5c];

/**
 * Reads JSON as it is being written, and has at any time what is certain of it: open texts as far as they go, open lists and objects
 * with what is in them. Keys, numbers and words (`true`) are there once they are whole. What follows a fault is ignored.
 *
 * Every character is looked at once, and the value grows in place. Nesting is no recursion.
 */
export class PartialJson {
  /** What there is so far; `undefined` before it begins. The same object, grown, each time. */
  value: Json | undefined;
  /** Goes up whenever `value` has changed. */
  version = 0;

  readonly #levels: Level[] = [];
  #state: State = "value";
  /** The text, key, number or word that is being read. */
  #token = "";
  /** How much of an open text is in the value. */
  #shown = 0;
  /** An escape that is being read, from its backslash on. */
  #escape = "";
  /** Half of a surrogate pair, which waits for the other half. */
  #half = "";

  write(chunk: string): void {
    let place = 0;
    while (place < chunk.length && this.#state !== "broken" && this.#state !== "over") {
      if (this.#state === "text" || this.#state === "key-text") place = this.#readText(chunk, place);
      else if (this.#state === "word") place = this.#readWord(chunk, place);
      else {
        this.#readMark(chunk[place]!);
        place++;
      }
    }
    if (this.#state !== "text" || this.#token.length === this.#shown) return;
    this.#shown = this.#token.length;
    this.#put(this.#token);
  }

  /** Texts are only ever added to: to look into one that grows would copy it, chunk for chunk. */
  #add(piece: string): void {
    if (piece === "") return;
    const whole = this.#half + piece;
    const last = whole.charCodeAt(whole.length - 1);
    const halved = last >= 0xd800 && last < 0xdc00;
    this.#half = halved ? whole.slice(-1) : "";
    this.#token += halved ? whole.slice(0, -1) : whole;
  }

  #readText(chunk: string, from: number): number {
    let place = from;
    if (this.#escape) {
      this.#readEscape(chunk[place]!);
      return place + 1;
    }
    for (; place < chunk.length; place++) {
      const code = chunk.charCodeAt(place);
      if (code !== quote && code !== backslash) continue;
      this.#add(chunk.slice(from, place));
      if (code === backslash) this.#escape = "\\";
      else this.#endText();
      return place + 1;
    }
    this.#add(chunk.slice(from));
    return place;
  }

  #readEscape(character: string): void {
    this.#escape += character;
    if (this.#escape === "\\u") return;
    if (this.#escape.length === 2) this.#add(short[character] ?? character);
    else if (this.#escape.length < 6) return;
    else this.#add(String.fromCharCode(Number.parseInt(this.#escape.slice(2), 16)));
    this.#escape = "";
  }

  #endText(): void {
    const text = this.#token + this.#half;
    if (this.#state === "key-text") {
      this.#levels.at(-1)!.key = text;
      this.#state = "colon";
      return;
    }
    this.#put(text);
    this.#close();
  }

  #readWord(chunk: string, from: number): number {
    let place = from;
    while (place < chunk.length && /[-+.\w]/.test(chunk[place]!)) place++;
    this.#token += chunk.slice(from, place);
    // A number may go on in the next chunk; a word is known by its last letter.
    if (Object.hasOwn(words, this.#token)) this.#putWhole(words[this.#token]!);
    else if (place < chunk.length) {
      if (numeral.test(this.#token)) this.#putWhole(Number(this.#token));
      else this.#state = "broken";
    }
    return place;
  }

  #readMark(mark: string): void {
    if (mark === " " || mark === "\n" || mark === "\r" || mark === "\t") return;
    switch (this.#state) {
      case "first-value":
      case "value":
        if (mark === "]" && this.#state === "first-value") this.#leave();
        else this.#begin(mark);
        return;
      case "first-key":
      case "key":
        if (mark === '"') this.#turnTo("key-text");
        else if (mark === "}" && this.#state === "first-key") this.#leave();
        else this.#state = "broken";
        return;
      case "colon":
        this.#state = mark === ":" ? "value" : "broken";
        return;
      case "next": {
        const list = Array.isArray(this.#levels.at(-1)!.holder);
        if (mark === ",") this.#state = list ? "value" : "key";
        else if (mark === (list ? "]" : "}")) this.#leave();
        else this.#state = "broken";
        return;
      }
      default: // texts and words are read elsewhere; after the end there is nothing to read
    }
  }

  #begin(mark: string): void {
    if (mark === '"') this.#turnTo("text");
    else if (mark === "{") this.#enter({}, "first-key");
    else if (mark === "[") this.#enter([], "first-value");
    else if (/[-\w]/.test(mark)) {
      this.#turnTo("word");
      this.#readWord(mark, 0);
    } else this.#state = "broken";
  }

  #turnTo(state: "text" | "key-text" | "word"): void {
    this.#state = state;
    this.#token = "";
    this.#half = "";
    this.#shown = 0;
    if (state === "text") this.#put("");
  }

  #enter(holder: Level["holder"], state: State): void {
    this.#put(holder);
    this.#levels.push({ holder, key: 0 });
    this.#state = state;
  }

  #leave(): void {
    this.#levels.pop();
    this.#close();
  }

  #putWhole(value: Json): void {
    this.#put(value);
    this.#close();
  }

  /** A value is whole: moves on to the next of its container. */
  #close(): void {
    const level = this.#levels.at(-1);
    this.#state = level ? "next" : "over";
    if (level && Array.isArray(level.holder)) level.key = level.holder.length;
  }

  /** Puts a value, or the longer form of an open one, where it belongs. */
  #put(value: unknown): void {
    const level = this.#levels.at(-1);
    this.version++;
    if (!level) this.value = value as Json;
    else if (level.key !== "__proto__") (level.holder as Record<string | number, unknown>)[level.key] = value;
    else {
      // As `JSON.parse` does it: a key like any other, and no prototype.
      Object.defineProperty(level.holder, level.key, { value, writable: true, enumerable: true, configurable: true });
    }
  }
}
