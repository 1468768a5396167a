import { ModelError } from "@plugboard/core";
import type { Measurement } from "@plugboard/core";
import { seededRandom } from "@plugboard/statistics";
import { describe, expect, test } from "vitest";
import { trainQuality } from "./train-quality.ts";
import { trainedQuality } from "./trained-quality.ts";

const words = "river stone garden letter window market winter copper silver bridge".split(" ");

/**
 * Items of two tasks. Both models are good at "easy"; at "hard" the small one fails, and of all items it fails those that speak of an integral,
 * so far as `signal` says.
 */
function measurements(count: number, { signal = 0, seed = 1 }: { signal?: number; seed?: number } = {}): Measurement[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, item) => {
    const task = random() < 0.5 ? "easy" : "hard";
    const isIntegral = random() < 0.5;
    const text = Array.from({ length: 12 }, () => words[Math.floor(random() * words.length)]);
    if (isIntegral) text[4] = "integral";
    const small = (task === "easy" ? 0.85 : 0.45) + (isIntegral ? -signal : signal);
    return [
      { model: "large", chance: task === "easy" ? 0.9 : 0.8, tokens: 200 },
      { model: "small", chance: small, tokens: task === "easy" ? 40 : 120 },
    ].map(({ model, chance, tokens }): Measurement => ({
      item: `item ${item}`,
      model,
      prompt: text.join(" "),
      segments: { task },
      scores: { right: random() < chance ? 1 : 0 },
      usage: { output: tokens },
    }));
  }).flat();
}

const now = (): number => Date.UTC(2026, 4, 1);

test("expects of each model what it scores on the task, and says how sure that is", async () => {
  const quality = await trainQuality(measurements(800), { now });
  const [large, small] = quality.predict({ text: "stone bridge", segments: { task: "hard" } });
  expect(large).toMatchObject({ model: "large", outputTokens: expect.closeTo(200, -1) });
  expect(large!.quality).toBeCloseTo(0.8, 1);
  expect(small!.quality).toBeCloseTo(0.45, 1);
  expect(small!.low).toBeLessThan(0.45);
  expect(small!.high).toBeGreaterThan(0.45);
  expect(small!.high - small!.low).toBeLessThan(0.25);
  const [, easy] = quality.predict({ text: "stone bridge", segments: { task: "easy" } });
  expect(easy!.quality).toBeCloseTo(0.85, 1);
  expect(easy!.outputTokens).toBeLessThan(60);
});

test("finds words that tell models apart, beyond the task", async () => {
  const quality = await trainQuality(measurements(800, { signal: 0.15 }), { now });
  const text = "river stone garden letter window market winter silver bridge stone river";
  const asked = (prompt: string): number => quality.predict({ text: prompt, segments: { task: "hard" } })[1]!.quality;
  expect(asked(`${text} copper`)).toBeGreaterThan(asked(`${text} integral`) + 0.1);
  const contrast = quality.toJSON().provenance.found.find(({ part }) => part === "contrast")!;
  expect(contrast.text).toBeGreaterThan(contrast.table);
});

test("leaves out words that tell nothing: the table is all there is", async () => {
  const results = await Promise.all(
    [1, 2, 3, 4, 5, 6].map(async (seed) => {
      const { found } = (await trainQuality(measurements(400, { seed }), { now })).toJSON().provenance;
      return found.some(({ words, nearest }) => words + nearest > 0);
    }),
  );
  // By chance alone, one in ten would be used: two parts, at 5 in 100 each.
  expect(results.filter(Boolean).length).toBeLessThanOrEqual(2);
});

test("infers the task from the like, where it is not told", async () => {
  const byTopic = measurements(600).map((each): Measurement =>
    Object.assign({}, each, {
      ...each,
      prompt:
        each.segments!["task"] === "easy"
          ? `sonnet verse rhyme poem ${each.item}`
          : `lemma proof theorem axiom ${each.item}`,
    }),
  );
  const quality = await trainQuality(byTopic, { now });
  const [, poem] = quality.predict({ text: "a poem: verse with rhyme, a sonnet" });
  const [, proof] = quality.predict({ text: "the proof of a lemma by an axiom, a theorem" });
  expect(poem!.quality).toBeGreaterThan(proof!.quality + 0.15);
});

test("is the same after it was saved and read again", async () => {
  const quality = await trainQuality(measurements(500, { signal: 0.15 }), { now, source: "made up" });
  const text = JSON.stringify(quality);
  const again = trainedQuality(JSON.parse(text));
  const prompt = { text: "river integral", segments: { task: "easy" } };
  expect(again.predict(prompt)).toEqual(quality.predict(prompt));
  expect(again.models).toEqual(["large", "small"]);
  expect(again.toJSON().provenance).toMatchObject({
    trained: "2026-05-01T00:00:00.000Z",
    items: 500,
    measurements: 1000,
    scorer: "right",
    source: "made up",
  });
  expect(text.length).toBeLessThan(2_000_000);
  expect(text).not.toContain("garden");
});

test("is right about models that did different items", async () => {
  // The small model did the easy items only. Had it not been seen that they were easy, it would look the better.
  const partial = measurements(1200).filter(({ model, segments }) => model === "large" || segments!["task"] === "easy");
  const quality = await trainQuality(partial, { now });
  const [large, small] = quality.predict({ text: "", segments: { task: "easy" } });
  expect(large!.quality).toBeGreaterThan(small!.quality);
});

test("gives one model alone what it scores", async () => {
  const quality = await trainQuality(
    measurements(300).filter(({ model }) => model === "large"),
    { now },
  );
  expect(quality.predict({ text: "stone" })).toHaveLength(1);
  expect(quality.predict({ text: "stone" })[0]!.quality).toBeCloseTo(0.85, 1);
});

test("learns without prompts, from tasks alone", async () => {
  const wordless = measurements(400).map(({ prompt: _, ...each }) => each);
  const quality = await trainQuality(wordless, { now });
  expect(quality.toJSON().text).toBeUndefined();
  const [, small] = quality.predict({ text: "anything", segments: { task: "hard" } });
  expect(small!.quality).toBeCloseTo(0.45, 1);
});

describe("refuses", () => {
  const one = measurements(1)[0]!;
  test.each([
    ["nothing to learn from", [], {}, /no scores/],
    ["a score of 7", [{ ...one, scores: { right: 7 } }], {}, /from 0 to 1; that of large on item 0 is 7/],
    ["two scorers, where none is named", [{ ...one, scores: { right: 1, brief: 0 } }], {}, /`scorer` must be given/],
    ["a scorer that nobody is", [one], { scorer: "absent" }, /no scores by the scorer "absent"/],
  ])("%s", async (_, given, options, message) => {
    const error = await trainQuality(given, options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({ code: "invalid-request", message: expect.stringMatching(message) });
  });

  test.each([
    ["a file of something else", { models: [] }, /something else/],
    ["a later version", { format: "plugboard-quality-model", version: 2 }, /version 2/],
    ["a file cut short", { format: "plugboard-quality-model", version: 1, models: ["a"], base: [] }, /not whole/],
  ])("%s", (_, file, message) => {
    expect(() => trainedQuality(file)).toThrow(message);
  });
});
