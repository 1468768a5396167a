/**
 * A number from 0 up to, not including, 1, evenly spread over texts, and the same for the same text in every process: who is in which arm.
 *
 * FNV-1a, and the last step of MurmurHash3, without which texts that are nearly the same get numbers that are.
 *
 * @example
 * const isIn = hashedShare(`new-model ${user}`) < 0.1; // a tenth of the users, always the same
 */
export function hashedShare(text: string): number {
  let value = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) {
    value = Math.imul(value ^ text.charCodeAt(place), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return ((value ^ (value >>> 16)) >>> 0) / 2 ** 32;
}
