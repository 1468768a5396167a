import { expect, test } from "vitest";
import { meanOf } from "../moments.ts";
import { pairedDifference } from "../paired/paired-difference.ts";
import { seededRandom } from "../random.ts";
import { pairedBootstrap } from "./paired-bootstrap.ts";

const random = seededRandom(3);
const baseline = Array.from({ length: 200 }, () => 10 + 100 * random());
const candidate = baseline.map((value) => 1.2 * value + random());

test("draws pairs: what both have in common makes no doubt", () => {
  const { estimate, lower, upper } = pairedBootstrap({ baseline, candidate, statistic: meanOf, compare: "ratio" });
  expect(estimate).toBeCloseTo(meanOf(candidate) / meanOf(baseline), 12);
  expect(upper - lower).toBeLessThan(0.005);
  const other = pairedBootstrap({
    baseline,
    candidate: [...candidate.slice(1), candidate[0]!],
    statistic: meanOf,
    compare: "ratio",
  });
  expect(other.upper - other.lower).toBeGreaterThan(0.05);
});

test("of a mean's difference, is near Student's", () => {
  const interval = pairedBootstrap({ baseline, candidate, statistic: meanOf });
  const student = pairedDifference({ baseline, candidate, bounds: [0, Infinity] });
  expect(interval.estimate).toBeCloseTo(student.estimate, 9);
  expect(Math.abs(interval.lower - student.lower)).toBeLessThan(0.2);
  expect(Math.abs(interval.upper - student.upper)).toBeLessThan(0.2);
});
