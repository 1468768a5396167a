import { seededRandom } from "@plugboard/statistics";
import type { Measurement } from "@plugboard/core";
import { expect, test } from "vitest";
import { recordedItems } from "../quality/recorded-item.ts";
import { agreementPlans, followed, plansFor } from "./agreement-plan.ts";
import { agreementPolicy } from "./agreement-policy.ts";
import { qualityPolicy } from "./policy.ts";
import { simulate } from "./simulate.ts";

const quality = [0.9, 0.7, 0.6, 0.5];

test("stops at the second that agrees, and gives the answer of the better of them", () => {
  const plan = { order: [3, 2, 1], least: 2, last: 0 };
  expect(followed(plan, ["9", "7", "7", "7"], quality)).toEqual({ asked: [3, 2], given: 2 });
  expect(followed(plan, ["9", "7", "8", "7"], quality)).toEqual({ asked: [3, 2, 1], given: 1 });
  expect(followed(plan, ["9", "7", "8", "6"], quality)).toEqual({ asked: [3, 2, 1, 0], given: 0 });
  expect(followed({ ...plan, least: 3 }, ["9", "7", "8", "7"], quality)).toEqual({ asked: [3, 2, 1, 0], given: 0 });
});

test("never takes two answers of which nothing is known for the same", () => {
  const plan = { order: [2, 1], least: 2, last: 0 };
  expect(followed(plan, ["9", undefined, undefined], quality)).toEqual({ asked: [2, 1, 0], given: 0 });
});

test("asks those first who cost less, and ends with one who is no worse than any of them", () => {
  const plans = plansFor({ quality: [0.9, 0.7, 0.8], cost: [10, 1, 2] });
  expect(plans).toEqual([{ order: [1, 2], least: 2, last: 0 }]);
  expect(plansFor({ quality: [0.6, 0.7, 0.8], cost: [10, 1, 2] })).toEqual([]);
});

/** On "sums" small models that agree are right; on "traps" they agree and are wrong. */
function outcomes(count: number): Measurement[] {
  const random = seededRandom(5);
  return Array.from({ length: count }, (_, place) => {
    const task = place % 2 === 0 ? "sums" : "traps";
    const isEasy = random() < 0.6;
    const answerOf = (model: string): string => {
      if (task === "traps") return model === "large" ? "right" : "trap";
      return isEasy || model === "large" ? "right" : `wrong ${model}`;
    };
    return ["large", "tiny", "small"].map((model, at) => ({
      item: `${place}`,
      model,
      prompt: `item ${Math.floor(random() * 1e6)}`,
      segments: { task },
      output: answerOf(model),
      scores: { right: answerOf(model) === "right" ? 1 : 0 },
      cost: { total: [1000, 20, 40][at]! },
    }));
  }).flat();
}

test("expects of a plan what it came to on the task, calls of all included", () => {
  const { planned } = agreementPlans(recordedItems(outcomes(400)), "task");
  const of = (task: string) =>
    planned({ item: "x", text: "", segments: { task }, cluster: "x", results: new Map() })[0]!;
  expect(of("sums").gain).toBeCloseTo(0, 1);
  expect(of("traps").gain).toBeLessThan(-0.9);
  expect(of("traps").cost).toBeCloseTo(60, -1);
  expect(of("sums").cost).toBeGreaterThan(400);
});

test("saves by agreement where it is right, and leaves alone the task where it misleads", () => {
  const measurements = outcomes(400);
  const options = { reference: "large", targets: [1] };
  const [, agreed] = simulate(agreementPolicy(), measurements, options).points;
  const [, alone] = simulate(qualityPolicy(), measurements, options).points;
  // Half of the items are sums, of which 60 % are settled for 60 of 1,000: about 0.5 × (0.6 × 0.94 − 0.4 × 0.06).
  expect(agreed!.saving).toBeGreaterThan(0.22);
  expect(agreed!.saving).toBeLessThan(0.32);
  expect(agreed!.margin.estimate).toBeCloseTo(0, 6);
  expect(alone!.saving).toBeLessThan(0.05);
});
