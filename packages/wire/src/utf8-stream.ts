const replacing = new TextDecoder("utf-8", { ignoreBOM: true });
const empty = new Uint8Array(0);

/**
 * Decodes UTF-8 that arrives in pieces; a character may be split between them. Malformed bytes become U+FFFD, a BOM at the beginning
 * is dropped: as `TextDecoder` with `stream: true`, which in Node takes a slow path. Here a piece that ends between characters, as
 * nearly every piece of an event stream does, takes the fast one. Made anew for every body.
 */
export class Utf8Stream {
  /** The first bytes of a character whose rest is still to come: three at most. */
  #tail: Uint8Array = empty;
  #begun = false;

  push(bytes: Uint8Array): string {
    let whole = this.#tail.length > 0 ? joined(this.#tail, bytes) : bytes;
    this.#tail = empty;

    const cut = whole.length > 0 && whole[whole.length - 1]! >= 0x80 ? lastBorder(whole) : whole.length;
    if (cut < whole.length) {
      this.#tail = whole.slice(cut);
      whole = whole.subarray(0, cut);
    }
    return this.#text(whole);
  }

  /** What was held back: a character that never became whole. */
  end(): string {
    const tail = this.#tail;
    this.#tail = empty;
    return this.#text(tail);
  }

  #text(bytes: Uint8Array): string {
    if (bytes.length === 0) return "";
    const text = replacing.decode(bytes);
    if (this.#begun) return text;
    this.#begun = true;
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** Where the last character begins if it is not whole; the length if it is. */
function lastBorder(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
