import type { Measurement } from "@plugboard/core";
import { expect, test } from "vitest";
import { evaluateQuality } from "./evaluate-quality.ts";
import type { QualityModel } from "./quality-model.ts";
import { trainQuality } from "./train-quality.ts";

function measurement(item: number, model: string, right: number, task = "any"): Measurement {
  return { item: `${item}`, model, prompt: "", segments: { task }, scores: { right } };
}

test("compares what was expected with what was scored", async () => {
  const halves: QualityModel = {
    models: ["a", "b"],
    predict: () => [
      { model: "a", quality: 0.5, low: 0, high: 1 },
      { model: "b", quality: 0.9, low: 0, high: 1 },
    ],
    toJSON: () => {
      throw new Error("not asked for");
    },
  };
  const given = [1, 1, 1, 0].flatMap((right, item) => [measurement(item, "a", right), measurement(item, "c", 0)]);
  const found = await evaluateQuality(halves, given);
  // Nothing is known of b, and nothing was expected of c.
  expect(found).toMatchObject([
    { model: "a", items: 4, expected: 0.5, scored: { estimate: 0.75 }, error: 0.25, plainError: 3 / 16 },
  ]);
});

test("shows that a table by task tells items apart", async () => {
  const given = Array.from({ length: 400 }, (_, item) =>
    measurement(item, "a", item % 2 === 0 || item % 10 === 1 ? 1 : 0, item % 2 === 0 ? "easy" : "hard"),
  );
  const [found] = await evaluateQuality(await trainQuality(given.slice(0, 200)), given.slice(200));
  expect(found!.error).toBeLessThan(found!.plainError / 2);
  expect(found!.expected).toBeCloseTo(found!.scored.estimate, 1);
});
