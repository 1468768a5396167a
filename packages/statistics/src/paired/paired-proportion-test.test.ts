import { describe, expect, test } from "vitest";
import { bisect } from "../bisect.ts";
import { normalCdf } from "../distributions/normal.ts";
import { pairedProportionPValue, tangoScore } from "./paired-proportion-test.ts";

describe("Tango, Stat. Med. 17, 1998: two ways to disinfect lenses, 44 people, of whom the new failed one that the old served", () => {
  test("the test against a loss of 10 points: Z = 1.709, p = 0.044", () => {
    const score = tangoScore(44, 1, 0, -0.1);
    expect(score).toBeCloseTo(1.709, 3);
    expect(normalCdf(-score)).toBeCloseTo(0.044, 3);
  });

  test("the lower bound at 90 %: −0.096", () => {
    expect(bisect(-0.9, -1 / 44, (difference) => tangoScore(44, 1, 0, difference) > 1.6448536)).toBeCloseTo(-0.096, 3);
  });
});

test("Fagerland, Lydersen and Laake, Stat. Med. 33, 2014: airway hyper-responsiveness, Tango's interval −0.517 to −0.026", () => {
  const critical = 1.959963984540054;
  const lower = bisect(-0.99, -6 / 21, (difference) => tangoScore(21, 7, 1, difference) > critical);
  const upper = bisect(-6 / 21, 0.99, (difference) => tangoScore(21, 7, 1, difference) > -critical);
  expect(lower).toBeCloseTo(-0.517, 3);
  expect(upper).toBeCloseTo(-0.026, 3);
});

test("without a margin, the score is McNemar's: (c − b) / √(b + c)", () => {
  expect(tangoScore(100, 5, 12, 0)).toBeCloseTo(7 / Math.sqrt(17), 12);
  expect(tangoScore(100, 5, 5, 0)).toBe(0);
});

// By numpy: over the whole table of all that can be seen, multinomial probabilities, the largest at the nine discordances.
test.each([
  [44, 0, 1, -0.1, 0.0026912065964352886],
  [44, 1, 0, -0.1, 0.05710889742082015],
  [100, 3, 2, -0.03, 0.23807484477328902],
  [50, 12, 0, -0.3, 0.22286578488717979],
  [161, 16, 6, 0, 0.9850386332087757],
  [200, 9, 14, -0.03, 0.014205252083841456],
])(
  "the exact p-value of %d items, %d and %d discordant, against %d",
  (items, onlyBaseline, onlyCandidate, line, expected) => {
    expect(pairedProportionPValue({ items, onlyBaseline, onlyCandidate }, line)).toBeCloseTo(expected, 9);
  },
);

test("without a discordant item, is near the chance that none is seen on the line", () => {
  // If only losses make the difference of −0.03: 0.97^100 = 0.0476.
  const pValue = pairedProportionPValue({ items: 100, onlyBaseline: 0, onlyCandidate: 0 }, -0.03);
  expect(pValue).toBeCloseTo(0.97 ** 100, 6);
});

test("of many items, is the normal distribution's, and hardly jumps on the way there", () => {
  const few = { items: 10_000, onlyBaseline: 900, onlyCandidate: 700 };
  const many = { items: 10_001, onlyBaseline: 900, onlyCandidate: 700 };
  const exact = pairedProportionPValue(few, -0.025);
  const normal = pairedProportionPValue(many, -0.025);
  expect(normal).toBeCloseTo(normalCdf(-tangoScore(10_001, 900, 700, -0.025)), 12);
  expect(Math.abs(exact - normal)).toBeLessThan(0.002);
});

test("is sure at the ends", () => {
  expect(pairedProportionPValue({ items: 10, onlyBaseline: 0, onlyCandidate: 10 }, -1)).toBe(0);
  expect(pairedProportionPValue({ items: 10, onlyBaseline: 10, onlyCandidate: 0 }, 1)).toBe(1);
});

test("grows with the difference that is tested, and stops early only above what is enough", () => {
  const table = { items: 120, onlyBaseline: 6, onlyCandidate: 9 };
  const lines = [-0.2, -0.1, -0.05, 0, 0.02, 0.05, 0.1];
  const pValues = lines.map((line) => pairedProportionPValue(table, line));
  expect(pValues).toEqual(pValues.toSorted((left, right) => left - right));
  for (const [place, line] of lines.entries())
    expect(pairedProportionPValue(table, line, 0.05) <= 0.05).toBe(pValues[place]! <= 0.05);
});
