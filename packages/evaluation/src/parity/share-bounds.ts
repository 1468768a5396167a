import type { Bounds } from "@plugboard/statistics";

/** Different values from which on they are spread enough for Student's t, and too many for a test that looks at each over and over. */
const many = 5000;

/**
 * The bounds of shares, by which a test holds even where nearly all values are the same, and a few decide. Where thousands are different, the bounds
 * add nothing but minutes, and are left out.
 */
export function shareBounds(values: readonly number[]): Bounds {
  return new Set(values).size > many ? [-Infinity, Infinity] : [0, 1];
}
