import { expect, test } from "vitest";
import { itemsToDecide } from "./items-to-decide.ts";

test("Miller, Adding error bars to evals, 2024, section 5: 969 questions to tell 3 points apart", () => {
  // A spread of ω² = 1/9 between questions, none within, two-sided 5 %, power 80 %.
  expect(itemsToDecide({ distance: 0.03, deviation: 1 / 3, confidence: 0.975 })).toBe(969);
});

test("one-sided 5 % and 80 % take (1.645 + 0.842)² = 6.18 variances", () => {
  expect(itemsToDecide({ distance: 1, deviation: 10 })).toBe(619);
  expect(itemsToDecide({ distance: -1, deviation: 10 })).toBe(619);
  expect(itemsToDecide({ distance: 0.03, deviation: 0.4 })).toBe(1100);
});

test("takes the spread of the hypothesis for the level, that of the truth for the power", () => {
  const plan = { distance: 0.1, deviation: 0.2, deviationUnderHypothesis: 0.5 };
  // At even odds, the truth's spread plays no part.
  expect(itemsToDecide({ ...plan, power: 0.5 })).toBe(Math.ceil((1.6448536 * 5) ** 2));
});

test("on the line, no number is enough; without spread, one item is", () => {
  expect(itemsToDecide({ distance: 0, deviation: 0.4 })).toBe(Infinity);
  expect(itemsToDecide({ distance: 0, deviation: 0 })).toBe(Infinity);
  expect(itemsToDecide({ distance: 0.5, deviation: 0 })).toBe(1);
});
