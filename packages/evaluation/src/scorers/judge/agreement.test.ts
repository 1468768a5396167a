import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { sharedHas, sharedPath, skipCases } from "@plugboard/recordings";
import { expect, test } from "vitest";
import { agreement } from "./agreement.ts";

test("is 1 where both say the same, and none beyond chance where they have nothing in common", () => {
  expect(agreement([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]).kappa.estimate).toBeCloseTo(1, 12);
  // Each label is as often with the other's "yes" as with its "no".
  const labels = agreement(["yes", "yes", "no", "no"], ["yes", "no", "yes", "no"]);
  expect(labels.kappa.estimate).toBeCloseTo(0, 12);
  expect(labels).not.toHaveProperty("spearman");
});

test("leaves out what one of them did not judge, and says how much higher the second is", () => {
  const { items, higher, same } = agreement([1, 2, 3, 4, undefined], [2, 3, 4, 4, 5]);
  expect(items).toBe(4);
  expect(higher!.estimate).toBe(0.75);
  expect(same.estimate).toBe(0.25);
});

test("refuses too few, and lists that do not belong together", () => {
  expect(() => agreement([1], [1])).toThrow("1 items that both judged do not show how they agree");
  expect(() => agreement([1, 2], [1])).toThrow("they have 2 and 1");
});

const there = sharedHas("data", "wildbench-scores");
if (!there) skipCases(1, "check of judges", `${sharedPath("data", "wildbench-scores")} is not there`);

test.runIf(there)("finds what is known of two judges of WildBench: r about 0.86, one about 0.6 points stricter", () => {
  const lines = gunzipSync(readFileSync(sharedPath("data", "wildbench-scores", "data.jsonl.gz")))
    .toString()
    .trim();
  const grades: Record<"lenient" | "strict", (number | undefined)[]> = { lenient: [], strict: [] };
  for (const line of lines.split("\n")) {
    const { judgements } = JSON.parse(line) as {
      readonly judgements: Readonly<Record<string, Readonly<Record<string, number>>>>;
    };
    for (const judged of Object.values(judgements)) {
      grades.lenient.push(judged["v2.0522|gpt-4-turbo-2024-04-09"]);
      grades.strict.push(judged["v2.0522|gpt-4o-2024-05-13"]);
    }
  }
  const { items, kappa, spearman, higher } = agreement(grades.lenient, grades.strict);
  expect(items).toBeGreaterThan(3000);
  expect(higher!.estimate).toBeCloseTo(-0.6, 1);
  expect(spearman!.estimate).toBeGreaterThan(0.8);
  expect(spearman!.estimate).toBeLessThan(0.9);
  // Quadratic kappa is Pearson's correlation, less what the shift takes away.
  expect(kappa.estimate).toBeGreaterThan(0.75);
  expect(kappa.estimate).toBeLessThan(0.86);
  expect(kappa.upper - kappa.lower).toBeLessThan(0.05);
});
