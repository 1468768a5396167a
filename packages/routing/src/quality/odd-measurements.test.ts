import { ModelError } from "@plugboard/core";
import type { Measurement } from "@plugboard/core";
import { seededRandom } from "@plugboard/statistics";
import { expect, test } from "vitest";
import { agreementPolicy } from "../simulate/agreement-policy.ts";
import { cascadePolicy } from "../simulate/cascade-policy.ts";
import { lengthPolicy, qualityPolicy, tablePolicy } from "../simulate/policy.ts";
import { simulate } from "../simulate/simulate.ts";
import { evaluateQuality } from "./evaluate-quality.ts";
import { trainQuality } from "./train-quality.ts";
import { trainedQuality } from "./trained-quality.ts";

/** Enough to see how odd data is taken. */
const quick = { reference: "large", folds: 2, targets: [0.95] } as const;
const now = (): number => 0;
const policies = [tablePolicy(), lengthPolicy(), qualityPolicy(), cascadePolicy(), agreementPolicy()];

/** Items of two tasks, at which the large model is better by 0.2. */
function measurements(count: number, models: readonly string[] = ["large", "small"]): Measurement[] {
  const random = seededRandom(1);
  return Array.from({ length: count }, (_, item) =>
    models.map((model): Measurement => ({
      item: `${item}`,
      model,
      prompt: `question ${item} of ${item % 7}`,
      segments: { task: item % 2 === 0 ? "even" : "odd" },
      scores: { right: random() < (model === "large" ? 0.8 : 0.6) ? 1 : 0 },
      cost: { total: model === "large" ? 1000 : 100 },
      usage: { output: 20 },
      output: `answer: ${item % 3}`,
    })),
  ).flat();
}

/** What a model is expected to score on a new question: figures from 0 to 1 with the expected between its bounds. */
async function expectedOf(given: readonly Measurement[]): Promise<readonly number[]> {
  const quality = trainedQuality(JSON.parse(JSON.stringify(await trainQuality(given, { now }))));
  return quality.predict({ text: "question 5", segments: { task: "odd" } }).map(({ quality: value, low, high }) => {
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThanOrEqual(1);
    expect(value).toBeGreaterThanOrEqual(low);
    expect(value).toBeLessThanOrEqual(high);
    return value;
  });
}

async function refusalOf(given: readonly Measurement[]): Promise<unknown> {
  const error = await trainQuality(given, { now }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ModelError);
  return error;
}

test("leaves out measurements that the scorer did not judge, and counts the rest", async () => {
  const some = measurements(200).map((each, place): Measurement =>
    place % 5 === 0 ? Object.assign({}, each, { scores: {} }) : each,
  );
  const { provenance } = (await trainQuality(some, { now })).toJSON();
  expect(provenance).toMatchObject({ measurements: 320, scorer: "right" });
  // The first of all was not judged, so the small model is met first.
  const [small, large] = await expectedOf(some);
  expect(large).toBeGreaterThan(small!);
  const simulation = simulate(tablePolicy(), some, quick);
  expect(simulation.items + simulation.leftOut).toBeLessThanOrEqual(200);
  expect(simulation.leftOut).toBeGreaterThan(0);
});

test.each([Number.NaN, Infinity, -0.1, 1.1])("refuses a score of %d, and says whose", async (score) => {
  const [first, ...rest] = measurements(50);
  const error = await refusalOf([...rest, { ...first!, scores: { right: score } }]);
  expect(error).toMatchObject({ code: "invalid-request", message: expect.stringContaining("that of large on 0") });
});

test("refuses measurements without any score", async () => {
  const none = measurements(50).map((each): Measurement => Object.assign({}, each, { scores: {} }));
  expect(await refusalOf(none)).toMatchObject({ code: "invalid-request", message: expect.stringMatching(/no scores/) });
});

test("takes a model that did the same item several times for one that did it once, with the mean", async () => {
  const once = measurements(120);
  const twice = [...once, ...once];
  const half = once.map(({ scores, ...each }): Measurement => ({ ...each, scores: { right: 1 - scores["right"]! } }));
  expect(await expectedOf(twice)).toEqual(await expectedOf(once));
  const quality = await trainQuality([...once, ...half], { now });
  for (const { quality: value } of quality.predict({ text: "question 5" })) expect(value).toBeCloseTo(0.5, 2);
  expect(simulate(tablePolicy(), twice, quick).points).toEqual(simulate(tablePolicy(), once, quick).points);
});

test("one model alone is what is expected of it, and saves nothing", async () => {
  const alone = measurements(100, ["large"]);
  const [value] = await expectedOf(alone);
  expect(value).toBeGreaterThan(0.6);
  for (const policy of policies) {
    const { points, pair, oracle, alone: each } = simulate(policy, alone, { ...quick, simpleRules: true });
    expect(pair).toBeUndefined();
    expect(oracle).toEqual(each["large"]);
    for (const { saving, margin, against } of points) {
      expect(saving).toBeCloseTo(0, 10);
      expect(margin.estimate).toBeGreaterThanOrEqual(0);
      for (const { gain } of against!) expect(gain.estimate).toBeCloseTo(0, 10);
    }
  }
});

test("20 items are learned from, with intervals that say how little that is", async () => {
  const quality = await trainQuality(measurements(20), { now });
  const widths = quality.predict({ text: "question 5", segments: { task: "odd" } }).map(({ low, high }) => high - low);
  for (const width of widths) expect(width).toBeGreaterThan(0.15);
  for (const policy of policies)
    for (const { saving, quality: got, margin } of simulate(policy, measurements(20), quick).points) {
      expect(saving).toBeLessThanOrEqual(1);
      expect(got).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(margin.lower)).toBe(true);
    }
  expect(() => simulate(tablePolicy(), measurements(19))).toThrow(/20 items or more .* there are 19/);
});

test.each([1, 2, 3])("%d items are learned from without figures that are none", async (count) => {
  for (const value of await expectedOf(measurements(count))) expect(Number.isFinite(value)).toBe(true);
});

test("a model that always succeeds and one that always fails are not taken for certain", async () => {
  const certain = measurements(60).map((each): Measurement =>
    Object.assign({}, each, { scores: { right: each.model === "large" ? 1 : 0 } }),
  );
  const [large, small] = await expectedOf(certain);
  expect(large).toBeGreaterThan(0.9);
  expect(small).toBeLessThan(0.1);
  const evaluated = await evaluateQuality(await trainQuality(certain, { now }), certain);
  for (const { error } of evaluated) expect(error).toBeLessThan(0.05);
});

test("empty prompts, no prompts and one prompt for all teach what models score", async () => {
  for (const prompt of ["", "the same", undefined]) {
    const given = measurements(100).map(({ prompt: _, ...each }): Measurement =>
      prompt === undefined ? each : Object.assign(each, { prompt }),
    );
    const [large, small] = await expectedOf(given);
    expect(large).toBeGreaterThan(small!);
  }
});

test("models that share no item are compared as far as they can be", async () => {
  const apart = measurements(100).filter(({ item, model }) => Number(item) < 50 === (model === "large"));
  const values = await expectedOf(apart);
  expect(values).toHaveLength(2);
  expect(() => simulate(tablePolicy(), apart)).toThrow(/there are 0/);
});
