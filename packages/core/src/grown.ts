/**
 * A text with one more piece at its end, for texts that grow by tokens and are kept meanwhile.
 *
 * V8 keeps a sum of texts as a tree of its pieces, some sixty bytes for each token, until somebody looks into it. Here that is done each
 * time when the text has grown by a thousand characters, or by an eighth where that is more.
 *
 * @example
 * said = grown(said, event.text);
 */
export function grown(text: string, piece: string): string {
  const whole = text + piece;
  const shift = Math.max(10, 28 - Math.clz32(whole.length));
  const isDue = text.length >> shift !== whole.length >> shift;
  if (!isDue) return whole;
  // They are the same. But the compiler leaves out a look of which nothing depends.
  return whole.charCodeAt(whole.length - 1) === piece.charCodeAt(piece.length - 1) ? whole : "";
}
