/** Gives numbers from 0 up to, not including, 1, evenly. `Math.random` is one. */
export type RandomSource = () => number;

/**
 * Random numbers that come the same for the same seed, on every machine.
 *
 * The generator is sfc32 (Doty-Humphrey, PractRand: 128 bits of state, period of at least 2^32, about 2^127 on average), filled from the
 * seed by splitmix32 and run idle for 12 steps. Good for simulation and resampling, not for secrets.
 *
 * @param seed any number; only its lowest 32 bits count
 * @example
 * const random = seededRandom(42);
 * random(); // the same in every run
 */
export function seededRandom(seed: number): RandomSource {
  let mixed = seed | 0;
  const fill = (): number => {
    mixed = (mixed + 0x9e3779b9) | 0;
    let word = mixed ^ (mixed >>> 16);
    word = Math.imul(word, 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return word ^ (word >>> 15);
  };
  let [a, b, c, counter] = [fill(), fill(), fill(), 1];

  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  for (let idle = 0; idle < 12; idle++) next();
  return next;
}
