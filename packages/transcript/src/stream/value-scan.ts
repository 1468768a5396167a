const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openList = 0x5b;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/**
 * Finds where a value of a list ends, by its brackets outside of texts. Whether it is JSON is not looked at: that is what makes it quick,
 * and lets it find the end of a value that is none.
 */
export class ValueScan {
  /** Where it is: behind the value, once that has ended; else at what has not been looked at, or cannot be. */
  at: number;
  #first: number | undefined;
  readonly #closers: number[] = [];
  #isText = false;

  /** Whether a control character in a text is no mere fault: mostly the text has lost its end, and all that follows is turned inside out. */
  readonly #isStrict: boolean;

  constructor(at: number, isStrict: boolean) {
    this.at = at;
    this.#isStrict = isStrict;
  }

  /** Looks at more of the bytes. `broken`: a bracket closes what was not opened last, or a text has lost its end. */
  read(bytes: Uint8Array, size: number): "ended" | "more" | "broken" {
    const closers = this.#closers;
    this.#first ??= bytes[this.at];
    const isScalar = this.#first !== quote && this.#first !== openList && this.#first !== openObject;
    let { at } = this;
    for (; at < size; at++) {
      const byte = bytes[at]!;
      if (this.#isText) {
        if (byte === backslash) {
          // An escape is two bytes at least; half of one is looked at again.
          if (at + 1 >= size) break;
          at++;
        } else if (byte === quote) {
          this.#isText = false;
          if (closers.length === 0) return this.#endedAt(at + 1);
        } else if (byte < 0x20 && this.#isStrict) {
          this.at = at;
          return "broken";
        }
      } else if (isScalar) {
        if (byte <= 0x20 || byte === comma || byte === closeList) return this.#endedAt(at);
      } else if (byte === quote) this.#isText = true;
      else if (byte === openObject) closers.push(closeObject);
      else if (byte === openList) closers.push(closeList);
      else if (byte === closeObject || byte === closeList) {
        if (closers.at(-1) !== byte) {
          this.at = at;
          return "broken";
        }
        closers.pop();
        if (closers.length === 0) return this.#endedAt(at + 1);
      }
    }
    this.at = at;
    return "more";
  }

  /** The bytes have been moved to the front by so many. */
  move(by: number): void {
    this.at -= by;
  }

  #endedAt(at: number): "ended" {
    this.at = at;
    return "ended";
  }
}
