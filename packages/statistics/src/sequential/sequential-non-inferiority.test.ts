import { describe, expect, test } from "vitest";
import { seededRandom } from "../random.ts";
import type { RandomSource } from "../random.ts";
import { confidenceSequence } from "./confidence-sequence.ts";
import { sequentialNonInferiority } from "./sequential-non-inferiority.ts";
import type { SequentialOptions, SequentialState } from "./sequential-non-inferiority.ts";

/** Goes on until there is a verdict or no more items. */
function follow(
  random: RandomSource,
  items: number,
  [onlyBaseline, onlyCandidate]: readonly [number, number],
  options: SequentialOptions = { margin: 0.03 },
): SequentialState {
  const test = sequentialNonInferiority(options);
  let state: SequentialState | undefined;
  for (let item = 0; item < items && (state === undefined || state.verdict === "undecided"); item++) {
    const draw = random();
    const onlyOne = draw < onlyBaseline ? "baseline" : draw < onlyBaseline + onlyCandidate ? "candidate" : undefined;
    state = test.add(onlyOne === "candidate" ? 0 : 1, onlyOne === "baseline" ? 0 : 1);
  }
  return state!;
}

function shareOf(verdict: string, studies: number, study: () => SequentialState): number {
  return Array.from({ length: studies }, study).filter((state) => state.verdict === verdict).length / studies;
}

describe("keeps its level, looked at after every item", () => {
  const studies = 300;
  const level = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / studies);

  test.each([
    ["models that often differ", [0.13, 0.1] as const],
    ["models that seldom differ", [0.04, 0.01] as const],
  ])("exactly on the line, of %s", (_, rates) => {
    const random = seededRandom(31);
    expect(shareOf("pass", studies, () => follow(random, 500, rates))).toBeLessThan(level);
    expect(shareOf("fail", studies, () => follow(random, 500, rates))).toBeLessThan(level);
  });
});

test("passes a candidate that is better, and fails one that is far worse, before the items are at an end", () => {
  const random = seededRandom(32);
  expect(shareOf("pass", 60, () => follow(random, 1500, [0.03, 0.07]))).toBeGreaterThan(0.9);
  expect(shareOf("fail", 60, () => follow(random, 1500, [0.2, 0.05]))).toBeGreaterThan(0.9);
});

test("a verdict stays, and the p-value only falls", () => {
  const test = sequentialNonInferiority({ margin: 0.1 });
  let state = test.add(1, 1);
  let least = 1;
  while (state.verdict === "undecided") {
    state = test.add(1, 1);
    expect(state.pValue).toBeLessThanOrEqual(least);
    least = state.pValue;
  }
  expect(state.verdict).toBe("pass");
  expect(state.pValue).toBeLessThanOrEqual(0.05);
  for (let worse = 0; worse < 200; worse++) state = test.add(1, 0);
  expect(state.verdict).toBe("pass");
  expect(state.pValue).toBe(least);
});

test("a fail stays, too, whatever comes after it", () => {
  const test = sequentialNonInferiority({ margin: 0.1 });
  let state = test.add(1, 0);
  while (state.verdict === "undecided") state = test.add(1, 0);
  expect(state.verdict).toBe("fail");
  for (let better = 0; better < 500; better++) state = test.add(0, 1);
  expect(state.pValue).toBeLessThan(0.05);
  expect(state.verdict).toBe("fail");
});

test("where less is better, the directions change places", () => {
  const [more, less] = [
    sequentialNonInferiority({ margin: 0.05 }),
    sequentialNonInferiority({ margin: 0.05, better: "lower" }),
  ];
  for (let item = 0; item < 300; item++) {
    const [baseline, candidate] = [item % 3 ? 1 : 0, item % 5 ? 1 : 0];
    const [state, mirrored] = [more.add(baseline, candidate), less.add(1 - baseline, 1 - candidate)];
    expect(mirrored.verdict).toBe(state.verdict);
    expect(mirrored.pValue).toBeCloseTo(state.pValue, 9);
  }
});

test("the difference is that of a confidence sequence, whose bounds each hold with the confidence of the verdict", () => {
  const test = sequentialNonInferiority({ margin: 0.05 });
  const differences: number[] = [];
  for (let item = 0; item < 80; item++) {
    test.add(item % 4 ? 1 : 0, item % 3 ? 1 : 0.5);
    differences.push((item % 3 ? 1 : 0.5) - (item % 4 ? 1 : 0));
  }
  const expected = confidenceSequence(differences, { bounds: [-1, 1], confidence: 0.9 });
  const difference = test.difference();
  for (const part of ["estimate", "lower", "upper", "confidence"] as const)
    expect(difference[part]).toBeCloseTo(expected[part], 9);
});

test("a difference of nothing is no difference", () => {
  expect(() => sequentialNonInferiority({ margin: 0.1 }).difference()).toThrow(
    "`items` must be a whole number of at least 1; it is 0.",
  );
});
