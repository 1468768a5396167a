import fc from "fast-check";
import { expect, test } from "vitest";
import { studentCdf } from "../distributions/student-t.ts";
import { nonInferiority } from "./non-inferiority.ts";

/** Scores of which so many only one model got right. */
function scores(
  items: number,
  onlyBaseline: number,
  onlyCandidate: number,
): { baseline: number[]; candidate: number[] } {
  const places = Array.from({ length: items }, (_, place) => place);
  return {
    baseline: places.map((place) => (place < onlyBaseline || place >= onlyBaseline + onlyCandidate ? 1 : 0)),
    candidate: places.map((place) => (place < onlyBaseline ? 0 : 1)),
  };
}

test("passes, fails or leaves it open", () => {
  expect(nonInferiority({ ...scores(400, 10, 16), margin: 0.03 }).verdict).toBe("pass");
  expect(nonInferiority({ ...scores(400, 60, 10), margin: 0.03 }).verdict).toBe("fail");
  expect(nonInferiority({ ...scores(400, 30, 28), margin: 0.03 })).toMatchObject({
    verdict: "undecided",
    items: 400,
    margin: 0.03,
    confidence: 0.95,
  });
});

test("the interval has room for 5 % on either side, so that each bound holds with 95 %", () => {
  expect(nonInferiority({ ...scores(400, 30, 28), margin: 0.03 }).difference.confidence).toBeCloseTo(0.9, 12);
});

test("Tango's 44 people: his p of 0.044 against 10 points would pass, the exact one of 0.057 does not", () => {
  const { verdict, pValue, missing } = nonInferiority({ ...scores(44, 1, 0), margin: 0.1 });
  expect(verdict).toBe("undecided");
  expect(pValue).toBeCloseTo(0.0571, 4);
  expect(missing).toBeGreaterThan(0);
});

test("is Student's t where scores have no bounds", () => {
  const baseline = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
  const candidate = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
  const bounds = [-Infinity, Infinity] as const;
  // scipy.stats.ttest_1samp against −0.5, and, where less is better, against 3.
  expect(nonInferiority({ baseline, candidate, margin: 0.5, bounds }).pValue).toBeCloseTo(0.00023190270448159315, 10);
  const cost = nonInferiority({ baseline, candidate, margin: 3, bounds, better: "lower" });
  expect(cost.pValue).toBeCloseTo(0.002655570292658665, 10);
  expect(cost.verdict).toBe("pass");
  expect(cost.pValue).toBeCloseTo(studentCdf((1.58 - 3) / 0.38895872388839514, 9), 10);
});

test("a margin of 0 asks whether the candidate is better", () => {
  expect(nonInferiority({ ...scores(400, 10, 40), margin: 0 }).verdict).toBe("pass");
  expect(nonInferiority({ ...scores(400, 40, 10), margin: 0 }).verdict).toBe("fail");
  expect(nonInferiority({ ...scores(400, 0, 0), margin: 0 })).toMatchObject({
    verdict: "undecided",
    missing: Infinity,
  });
});

test("a verdict, its interval and its p-value say the same", () => {
  const count = fc.nat(30);
  fc.assert(
    fc.property(count, count, fc.double({ min: 0, max: 0.2, noNaN: true }), (onlyBaseline, onlyCandidate, margin) => {
      const { verdict, difference, pValue, missing } = nonInferiority({
        ...scores(150, onlyBaseline, onlyCandidate),
        margin,
      });
      expect(verdict === "pass").toBe(pValue <= 0.05 && difference.estimate > -margin);
      expect(verdict === "pass").toBe(difference.lower >= -margin);
      expect(verdict === "fail").toBe(difference.upper <= -margin);
      expect(missing > 0).toBe(verdict === "undecided");
    }),
    { numRuns: 40 },
  );
});

test("where less is better, is where more is better with the models' scores turned round", () => {
  const { baseline, candidate } = scores(300, 12, 20);
  const errors = { baseline: baseline.map((score) => 1 - score), candidate: candidate.map((score) => 1 - score) };
  const more = nonInferiority({ baseline, candidate, margin: 0.02 });
  const less = nonInferiority({ ...errors, margin: 0.02, better: "lower" });
  expect(less.verdict).toBe(more.verdict);
  expect(less.pValue).toBeCloseTo(more.pValue, 12);
  expect(less.missing).toBe(more.missing);
});

test("what is missing brings a decision, if the difference is what was seen", () => {
  const open = nonInferiority({ ...scores(200, 10, 10), margin: 0.03 });
  expect(open.verdict).toBe("undecided");
  const times = (200 + open.missing) / 200;
  // With the power of 80 %, what is expected to be seen is well beyond the line.
  const counts = Math.round(10 * times);
  expect(nonInferiority({ ...scores(200 + open.missing, counts, counts), margin: 0.03 }).verdict).toBe("pass");
  // Were the truth what was seen, (1.645 + 0.842)² of about 0.1 by 0.03² would do, 687 in all; it may be nearer to the line.
  expect(200 + open.missing).toBeGreaterThan(1200);
  expect(200 + open.missing).toBeLessThan(2000);
  expect(nonInferiority({ ...scores(200, 10, 10), margin: 0.03, power: 0.95 }).missing).toBeGreaterThan(open.missing);
});
