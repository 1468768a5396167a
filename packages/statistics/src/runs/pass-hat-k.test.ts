import { expect, test } from "vitest";
import { passAtK } from "./pass-at-k.ts";
import { passHatK } from "./pass-hat-k.ts";

test("Yao et al., τ-bench, 2024: C(c, k) / C(n, k), averaged over tasks", () => {
  const items = [
    { trials: 5, successes: 4 },
    { trials: 5, successes: 5 },
  ];
  expect(passHatK(items, { k: 2 }).estimate).toBeCloseTo((6 / 10 + 1) / 2, 12);
  expect(passHatK(items, { k: 5 }).estimate).toBeCloseTo(0.5, 12);
});

test("that all of k succeed is that none of k fails", () => {
  for (const k of [1, 2, 3, 7]) {
    const items = [
      { trials: 9, successes: 7 },
      { trials: 8, successes: 2 },
      { trials: 7, successes: 7 },
    ];
    const failures = items.map(({ trials, successes }) => ({ trials, successes: trials - successes }));
    expect(passHatK(items, { k }).estimate).toBeCloseTo(1 - passAtK(failures, { k }).estimate, 12);
  }
});
