import { expect, test } from "vitest";
import { equivalence } from "./equivalence.ts";
import { nonInferiority } from "./non-inferiority.ts";

const baseline = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
const candidate = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
const bounds = [-Infinity, Infinity] as const;

test("is the larger of two one-sided p-values (Schuirmann 1987; scipy.stats.ttest_1samp)", () => {
  const within3 = equivalence({ baseline, candidate, margin: 3, bounds });
  expect(within3.verdict).toBe("pass");
  expect(within3.pValue).toBeCloseTo(0.002655570292658665, 10);
  const withinHalf = equivalence({ baseline, candidate, margin: 0.5, bounds });
  expect(withinHalf.verdict).toBe("fail");
  expect(withinHalf.pValue).toBeCloseTo(0.9892407566216127, 10);
});

test("passes where neither model is worse by the margin", () => {
  for (const margin of [0.5, 1, 1.58, 2, 2.2, 2.4, 3]) {
    const forth = nonInferiority({ baseline, candidate, margin, bounds });
    const back = nonInferiority({ baseline: candidate, candidate: baseline, margin, bounds });
    const { verdict, pValue } = equivalence({ baseline, candidate, margin, bounds });
    expect(verdict === "pass").toBe(forth.verdict === "pass" && back.verdict === "pass");
    expect(pValue).toBeCloseTo(Math.max(forth.pValue, back.pValue), 10);
  }
});

test("is open between, and says what is missing", () => {
  const open = equivalence({ baseline, candidate, margin: 2, bounds });
  expect(open).toMatchObject({ verdict: "undecided", items: 10, margin: 2, confidence: 0.95 });
  expect(open.missing).toBeGreaterThan(0);
  // Both tests have to reject: not fewer than one of them takes.
  const single = nonInferiority({ baseline, candidate, margin: 2, bounds, better: "lower" });
  expect(open.missing).toBeGreaterThanOrEqual(single.missing);
});

test("needs many items to show that right answers are as many", () => {
  const same = (items: number): number[] => Array.from({ length: items }, (_, place) => place % 2);
  expect(equivalence({ baseline: same(40), candidate: same(40), margin: 0.05 }).verdict).toBe("undecided");
  expect(equivalence({ baseline: same(400), candidate: same(400), margin: 0.05 }).verdict).toBe("pass");
});
