import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as fc from "fast-check";
import type { ModelEvent, ModelResult } from "@plugboard/core";
import { paced } from "./paced.ts";

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

const resultOf = (text: string, output?: number): ModelResult => ({
  model: "scripted",
  finishReason: "stop",
  usage: output === undefined ? {} : { output },
  warnings: [],
  cached: true,
  content: [
    { type: "reasoning", text: "Hm." },
    { type: "text", text },
    { type: "tool-call", id: "1", name: "look", input: { deep: [1] }, raw: '{ "deep": [1] }' },
    { type: "source", id: "2" },
  ],
});

/** All events, each with when it came. */
async function read(result: ModelResult, pace: number): Promise<(readonly [number, ModelEvent])[]> {
  const read: [number, ModelEvent][] = [];
  const reading = (async () => {
    for await (const event of await paced(result, pace)) read.push([Date.now(), event]);
  })();
  await vi.runAllTimersAsync();
  await reading;
  return read;
}

test("takes as long as so many tokens take, and comes bit by bit", async () => {
  const events = await read(resultOf("word ".repeat(200), 300), 100);
  const [end] = events.at(-1)!;
  expect(end).toBeGreaterThan(2900);
  expect(end).toBeLessThan(3200);
  const half = events.filter(([time, { type }]) => type === "text-delta" && time < end / 2).length;
  const all = events.filter(([, { type }]) => type === "text-delta").length;
  expect(half / all).toBeGreaterThan(0.4);
  expect(half / all).toBeLessThan(0.6);
  expect(events[0]).toMatchObject([expect.any(Number), { type: "start" }]);
});

test("takes a token for four characters where the answer does not say how many it has", async () => {
  const [end] = (await read(resultOf("x".repeat(4000)), 1000)).at(-1)!;
  expect(end).toBeGreaterThan(950);
  expect(end).toBeLessThan(1100);
});

test("gives the same answer, whatever is in it and at whatever pace, never half a character", async () => {
  const text = fc.string({ unit: "grapheme", maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(text, fc.nat(100), fc.integer({ min: 1, max: 100_000 }), async (text, output, pace) => {
      const result = resultOf(text, output);
      const events = (await read(result, pace)).map(([, event]) => event);
      const said = (type: string): string =>
        events.map((event) => (event.type === type && "text" in event ? event.text : "")).join("");
      expect(said("text-delta")).toBe(text);
      expect(said("reasoning-delta")).toBe("Hm.");
      expect(said("tool-call-delta")).toBe('{ "deep": [1] }');
      expect(events.flatMap((event) => (event.type === "part" ? [event.part] : []))).toEqual(result.content);
      expect(events.at(-1)).toMatchObject({ type: "finish", finishReason: "stop", cached: true });
      expect(events.every((event) => !("text" in event) || event.text.isWellFormed())).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("stops when its reader leaves", async () => {
  const reading = (async () => {
    for await (const event of await paced(resultOf("x".repeat(4000)), 10)) if (event.type === "text-delta") break;
  })();
  await vi.runAllTimersAsync();
  await reading;
  expect(vi.getTimerCount()).toBe(0);
  expect(Date.now()).toBeLessThan(2000);
});
