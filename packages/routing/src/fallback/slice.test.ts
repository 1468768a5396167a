import { getEventListeners } from "node:events";
import { defineEmbeddingModel, defineModel } from "@plugboard/core";
import type { ModelRequest } from "@plugboard/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { failureOf, scripted } from "../scripted-model.ts";
import type { Scripted, Step } from "../scripted-model.ts";
import { fallback } from "./fallback.ts";

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

const message = { messages: [{ role: "user", content: "hello" }] } as const satisfies ModelRequest;
const within = (time: number, more: Partial<ModelRequest> = {}): ModelRequest => ({
  ...message,
  deadline: Date.now() + time,
  ...more,
});
const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);
const stalled = (id: string): Scripted => scripted(id, [{ wait: 10 ** 6 }]);
const slow = (id: string, wait: number): Scripted => scripted(id, [{ wait }, id]);

/** When a promise settles, and what with. */
async function settled(
  promise: Promise<unknown>,
  time: number,
): Promise<{ at: number; value?: unknown; error?: unknown }> {
  const end = promise.then(
    (value) => ({ at: Date.now(), value }),
    (error: unknown) => ({ at: Date.now(), error }),
  );
  await pass(time);
  return end;
}

describe("of the time until the deadline", () => {
  test("a model that stalls has half while others follow, and each attempt is told", async () => {
    const models = [stalled("a"), stalled("b"), slow("c", 10)];
    const answer = fallback(models).generate(within(60_000));
    expect(await settled(answer, 60_000)).toMatchObject({
      at: 45_010,
      value: {
        content: [{ text: "c" }],
        attempts: [
          { model: "a", outcome: "failed", error: "timeout", ended: 30_000 },
          { model: "b", outcome: "failed", error: "timeout", ended: 45_000 },
          { model: "c", outcome: "finished" },
        ],
      },
    });
    expect(models.map(({ open }) => open)).toEqual([0, 0, 0]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("the last one has all that is left, and so has the only one that can be asked", async () => {
    expect(await settled(fallback([slow("a", 900)]).generate(within(1000)), 1000)).toMatchObject({ at: 900 });
    const limits = ({ id }: { readonly id: string }) => (id === "tiny" ? { context: 1 } : undefined);
    const model = fallback([slow("a", 900), slow("tiny", 1)], { limits });
    const { at, value } = await settled(
      model.generate(within(1000, { messages: [{ role: "user", content: "word ".repeat(50) }] })),
      1000,
    );
    expect([at, value]).toMatchObject([1900, { content: [{ text: "a" }] }]);
  });

  test("a streamed answer takes what it needs once it has begun", async () => {
    const a = scripted("a", [{ wait: 400 }, "one ", { wait: 500 }, "two"]);
    const streaming = fallback([a, stalled("b")]).stream(within(1000));
    await pass(400);
    expect(await settled((await streaming).text(), 600)).toEqual({ at: 900, value: "one two" });
    const late = scripted("a", [{ wait: 600 }, "late"]);
    const other = fallback([late, slow("b", 10)])
      .stream(within(1000))
      .then((reply) => reply.text());
    expect(await settled(other, 1000)).toMatchObject({ at: 1510, value: "b" });
  });

  test("one that is held has until it has been judged", async () => {
    const a = scripted("a", ["one ", { wait: 900 }, "two"]);
    const model = fallback([a, slow("b", 10)], { hold: "end" });
    const answer = model.stream(within(1000)).then((reply) => reply.text());
    expect(await settled(answer, 1000)).toEqual({ at: 510, value: "b" });
  });

  test("another share is for the application to say, and 1 is all of it", async () => {
    const early = fallback([stalled("a"), slow("b", 10)], { share: 0.2 }).generate(within(1000));
    expect(await settled(early, 1000)).toMatchObject({ at: 210 });
    const all = fallback([stalled("a"), slow("b", 10)], { share: 1 }).generate(within(1000));
    expect(await settled(all, 1000)).toMatchObject({ at: 2000, error: { code: "timeout" } });
  });

  test("nothing is cut without a deadline, or where a timeout is no reason to ask the next one", async () => {
    const free = fallback([slow("a", 10 ** 5), slow("b", 1)]).generate(message);
    expect(await settled(free, 10 ** 5)).toMatchObject({ at: 10 ** 5, value: { content: [{ text: "a" }] } });
    const strict = fallback([slow("a", 900), slow("b", 1)], { when: { codes: ["server"] } }).generate(within(1000));
    expect(await settled(strict, 1000)).toMatchObject({ at: 10 ** 5 + 900, value: { content: [{ text: "a" }] } });
  });

  test("embeddings have their share, too", async () => {
    const embedding = (id: string, wait: number) =>
      defineEmbeddingModel({
        provider: "script",
        id,
        call: () =>
          new Promise((resolve) => {
            setTimeout(resolve, wait, { model: id, embeddings: [[1]], usage: {}, warnings: [] });
          }),
      });
    const model = fallback([embedding("a", 10 ** 6), embedding("b", 10)]);
    const answer = model.embed({ values: ["x"], deadline: 1000 });
    expect(await settled(answer, 1000)).toMatchObject({ at: 510, value: { model: "b" } });
  });
});

test("a model that was not given ten seconds is not left alone for it; one that was, is", async () => {
  const [a, b] = [stalled("a"), slow("b", 1)];
  const model = fallback([a, b]);
  for (const time of [1000, 1000, 60_000, 1000]) await settled(model.generate(within(time)), time / 2 + 1);
  expect([a.requests.length, b.requests.length]).toEqual([3, 4]);
});

test("what cannot be made for the next one lets the first go on", async () => {
  const request = (): ModelRequest => {
    throw new Error("oops");
  };
  const model = fallback([slow("a", 900), { model: slow("b", 1), request }]);
  expect(await settled(model.generate(within(1000)), 1000)).toMatchObject({
    at: 900,
    value: { content: [{ text: "a" }] },
  });
});

test("leaves no listener on the caller's signal, however a call ends", async () => {
  const { signal } = new AbortController();
  const script = (_: ModelRequest, call: number): readonly Step[] =>
    [[{ wait: 10 ** 6 }], ["one", { wait: 1 }, "two"], [{ fails: "server" as const }]][call % 3]!;
  const model = fallback([scripted("a", script), scripted("b", ["b", { wait: 1 }, "!"])], { cooldown: false });
  for (let call = 0; call < 60; call++) {
    const streaming = model.stream(within(100, { signal }));
    await pass(60);
    const reply = await streaming;
    if (call % 2) reply.cancel();
    else void reply.text();
    await pass(60);
  }
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
  expect(vi.getTimerCount()).toBe(0);
});

test("called off by the caller, it asks nobody else", async () => {
  const [a, b] = [stalled("a"), slow("b", 1)];
  const controller = new AbortController();
  const answer = failureOf(fallback([a, b]).generate(within(1000, { signal: controller.signal })));
  await pass(100);
  controller.abort();
  expect((await answer).code).toBe("aborted");
  await pass(1000);
  expect([a.open, b.requests.length]).toEqual([0, 0]);
});

test("an answer that comes as its time runs out is not given half: the next one's is", async () => {
  const cancelled = vi.fn<() => void>();
  const inner = scripted("a", ["a"]);
  // It does not hear that it is called off, and answers at that very moment.
  const deaf = defineModel({
    provider: "script",
    id: "a",
    models: [inner],
    async call(request) {
      await new Promise((resolve) => request.signal!.addEventListener("abort", resolve));
      const { signal: _, ...rest } = request;
      const reply = await inner.call(rest);
      return reply.onEnd(({ status }) => void (status === "cancelled" && cancelled()));
    },
  });
  const answer = fallback([deaf, slow("b", 1)])
    .stream(within(1000))
    .then((reply) => reply.text());
  expect(await settled(answer, 1000)).toMatchObject({ value: "b" });
  expect(cancelled).toHaveBeenCalledTimes(1);
});

test("whatever the models do: an answer or a failure by the deadline, and none is asked after it or once it is called off", async () => {
  const behaviour = fc.oneof(
    fc.record({ wait: fc.nat(1500), says: fc.constant(true) }),
    fc.record({ wait: fc.nat(1500), says: fc.constant(false) }),
    fc.constant({ wait: 10 ** 6, says: true }),
  );
  let heard = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(behaviour, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 2000 }),
      fc.double({ min: 0.1, max: 1, noNaN: true }),
      fc.option(fc.nat(2000), { freq: 1 }),
      fc.boolean(),
      async (behaviours, time, share, abortAt, stream) => {
        const began = Date.now();
        const starts: number[] = [];
        const models = behaviours.map(({ wait, says }, place) =>
          scripted(`m${place}`, (): Step[] => {
            starts.push(Date.now() - began);
            return [{ wait }, says ? "yes" : { fails: "server" }];
          }),
        );
        const controller = new AbortController();
        if (abortAt !== null) setTimeout(() => controller.abort(), abortAt);
        const model = fallback(models, { share, cooldown: false });
        const request = within(time, { signal: controller.signal });
        const asking = stream ? model.stream(request).then((reply) => reply.text()) : model.generate(request);
        const end = await settled(asking, 5000);
        const latest = Math.min(time, abortAt ?? Infinity);
        expect(end.at - began).toBeLessThanOrEqual(latest + 1);
        for (const start of starts) expect(start).toBeLessThanOrEqual(latest);
        expect(models.map(({ open }) => open)).toEqual(models.map(() => 0));
        // Whoever stalls leaves the others time: behind models that all do, one that answers within its share is heard.
        const first = behaviours.findIndex(({ wait }) => wait < 10 ** 6);
        const left = time * (1 - share) ** first * (first === behaviours.length - 1 ? 1 : share);
        const isHeard = first !== -1 && behaviours[first]!.says && behaviours[first]!.wait < left - 5;
        if (isHeard && abortAt === null) heard++;
        expect("value" in end || !isHeard || abortAt !== null).toBe(true);
      },
    ),
    { numRuns: 150 },
  );
  expect(heard).toBeGreaterThan(5);
});
