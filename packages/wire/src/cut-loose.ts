/**
 * A part of a text, for keeping: V8 keeps the whole text for a slice of it, and of a slice of that, and the whole may be all that a
 * network read brought.
 *
 * @example
 * this.#rest = cutLoose(text.slice(start));
 */
export function cutLoose(piece: string): string {
  // A sum is a text of its own once it has been looked into; what is cut from that keeps one character more.
  const own = ` ${piece}`;
  return own.charCodeAt(0) === 0x20 ? own.slice(1) : piece;
}
