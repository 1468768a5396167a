/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export type SeededRandom = () => number;

/** Random numbers that can be had again: of a number, or of a text such as the name of a test. */
export function seededRandom(seed: number | string): SeededRandom {
  let state = typeof seed === "number" ? seed | 0 : hashOf(seed);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  return hash | 0;
}
