// "The verdict can be trusted", on real pairs of models: a part of what scripts/verdict.ts measures in full.
import { sharedHas, sharedPath, skipCases } from "@plugboard/recordings";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../random.ts";
import { modelPairs, outcomeFiles } from "./model-pairs.ts";
import type { ModelPair } from "./model-pairs.ts";
import { nonInferiority } from "./non-inferiority.ts";
import { pairedProportionPValue } from "./paired-proportion-test.ts";
import { passRate, passRegion } from "./pass-rate.ts";
import { powerBound } from "./power-bound.ts";

const margin = 0.03;

/** Without the shared data: how often models differ, made up, on both sides of the line. */
const invented: readonly ModelPair[] = [
  [0.05, 0.02],
  [0.2, 0.17],
  [0.12, 0.07],
  [0.03, 0.03],
  [0.1, 0.1],
  [0.05, 0.08],
].map(([baselineRate, candidateRate]) => {
  const [losses, wins] = [Math.round(1000 * baselineRate!), Math.round(1000 * candidateRate!)];
  const places = Array.from({ length: 1000 }, (_, place) => place);
  return {
    name: "invented",
    baseline: places.map((place) => (place < losses ? 1 : place < losses + wins ? 0 : place % 2)),
    candidate: places.map((place) => (place < losses ? 0 : place < losses + wins ? 1 : place % 2)),
    baselineRate: losses / 1000,
    candidateRate: wins / 1000,
    difference: (wins - losses) / 1000,
  };
});

const shared = sharedHas("data");
if (!shared) skipCases(1, "real pairs of models", `${sharedPath("data")} is not there; invented ones stand for them`);
const pairs = shared ? outcomeFiles.flatMap(modelPairs) : invented;
const worse = pairs.filter(({ difference }) => difference <= -margin && difference > -0.08);
const within = (from: number, to: number): ModelPair[] =>
  pairs.filter(({ difference }) => difference > from && difference <= to);

/** Nearest to the line, and moved onto it: where a wrong pass is likeliest. */
const onTheLine = within(-0.05, -0.01).map((pair) => {
  const candidateRate = Math.max(0, pair.candidateRate - (pair.difference + margin) / 2);
  return { name: pair.name, candidateRate, baselineRate: candidateRate + margin };
});

const regionOf = (items: number): readonly number[] =>
  passRegion(
    items,
    (onlyBaseline, onlyCandidate) => pairedProportionPValue({ items, onlyBaseline, onlyCandidate }, -margin) <= 0.05,
  );
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each([100, 200, 400])("%d items, 3 points of margin", (items) => {
  const region = regionOf(items);

  test("no pair that is worse passes in more than 5 % of studies", () => {
    expect(worse.length).toBeGreaterThan(0);
    const tooOften = [...worse, ...onTheLine].filter((pair) => passRate(items, region, pair) > 0.05001);
    expect(tooOften.map(({ name }) => name)).toEqual([]);
  });

  test("on the line the 5 % are used, for power comes of nothing else", () => {
    expect(mean(onTheLine.map((pair) => passRate(items, region, pair)))).toBeGreaterThan(0.043);
  });
});

// Few of 100 items are discordant, and their whole numbers leave some of the 5 % unused, which the bound has no need to.
test.each([
  [100, "alike", -0.01, 0.01],
  [100, "better", 0.01, 0.05],
  [200, "alike", -0.01, 0.01],
  [200, "better", 0.01, 0.05],
] as const)("of %d items, pairs that are %s pass nearly as often as any valid test can", (items, _, from, to) => {
  const right = within(from, to);
  const region = regionOf(items);
  const some = right.filter((_pair, place) => place % Math.ceil(right.length / 6) === 0);
  const gaps = some.map((pair) => powerBound(items, pair, { margin, level: 0.05 }) - passRate(items, region, pair));
  for (const gap of gaps) expect(gap).toBeGreaterThan(-1e-9);
  expect(mean(gaps)).toBeLessThan(items === 100 ? 0.035 : 0.02);
});

const random = seededRandom(8);
const draw = ({ baseline, candidate }: ModelPair, count: number): { baseline: number[]; candidate: number[] } => {
  const places = Array.from({ length: count }, () => Math.floor(random() * baseline.length));
  return { baseline: places.map((place) => baseline[place]!), candidate: places.map((place) => candidate[place]!) };
};

test("drawn from the pairs themselves, verdicts are wrong as seldom", () => {
  const near = within(-0.08, 0.05);
  let wrong = 0;
  for (let study = 0; study < 60; study++) {
    const pair = near[Math.floor(random() * near.length)]!;
    const { verdict } = nonInferiority({ ...draw(pair, 200), margin });
    if (verdict === (pair.difference > -margin ? "fail" : "pass")) wrong += 1;
  }
  expect(wrong).toBeLessThanOrEqual(3);
});

test("what is said to be missing decides in 4 of 5 studies, where the difference was not overestimated by much", () => {
  const clear = within(0, 0.05);
  let [asked, decided] = [0, 0];
  for (let study = 0; study < 60; study++) {
    const pair = clear[Math.floor(random() * clear.length)]!;
    const { verdict, missing, difference } = nonInferiority({ ...draw(pair, 150), margin });
    if (verdict !== "undecided" || missing > 5000) continue;
    if ((pair.difference + margin) / Math.abs(difference.estimate + margin) < 0.8) continue;
    asked += 1;
    if (nonInferiority({ ...draw(pair, 150 + missing), margin }).verdict !== "undecided") decided += 1;
  }
  expect(asked).toBeGreaterThan(10);
  expect(decided / asked).toBeGreaterThan(0.8 - 3 * Math.sqrt((0.8 * 0.2) / asked));
});
