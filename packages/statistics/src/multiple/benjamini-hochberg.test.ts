import { expect, test } from "vitest";
import { seededRandom } from "../random.ts";
import { benjaminiHochberg } from "./benjamini-hochberg.ts";
import { holm } from "./holm.ts";

test("Benjamini and Hochberg 1995, section 3.2: thrombolysis, 15 comparisons, of which 4 are discoveries", () => {
  const pValues = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
  ];
  const adjusted = benjaminiHochberg(pValues);
  expect(adjusted.filter((pValue) => pValue <= 0.05)).toHaveLength(4);
  // Keeping the chance of any error at 5 % instead finds 3 (there by Bonferroni and by Hochberg).
  expect(holm(pValues).filter((pValue) => pValue <= 0.05)).toHaveLength(3);
  expect(adjusted[3]).toBeCloseTo((0.0095 * 15) / 4, 12);
  expect(adjusted[5]).toBeCloseTo((0.0298 * 15) / 7, 12);
});

test("keeps the order given", () => {
  expect(benjaminiHochberg([0.01, 0.04, 0.03])).toEqual([0.03, 0.04, 0.04]);
});

test("lets at most 5 % of discoveries be false, on average", () => {
  const random = seededRandom(9);
  let share = 0;
  for (let study = 0; study < 2000; study++) {
    // 15 true hypotheses, and 5 that are false.
    const pValues = Array.from({ length: 20 }, (_, metric) => (metric < 15 ? random() : random() ** 6));
    const found = benjaminiHochberg(pValues).map((pValue) => pValue <= 0.05);
    const wrong = found.slice(0, 15).filter(Boolean).length;
    share += wrong / Math.max(1, found.filter(Boolean).length) / 2000;
  }
  // Of m hypotheses with m₀ true, exactly 0.05 m₀/m.
  expect(share).toBeGreaterThan(0.028);
  expect(share).toBeLessThan(0.047);
});
