import { ModelError, ModelReply, defineEmbeddingModel, defineModel, defineRerankModel, textOf } from "@plugboard/core";
import type { EmbeddingModel, ModelRequest, Notice, RerankModel } from "@plugboard/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fallback } from "../fallback/fallback.ts";
import { failureOf, scripted } from "../scripted-model.ts";
import type { Step } from "../scripted-model.ts";
import { hedge } from "./hedge.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const message = { messages: [{ role: "user", content: "hello" }] } as const satisfies ModelRequest;
const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);
const after = (wait: number, ...steps: readonly Step[]): Step[] => [{ wait }, ...steps];
/** Every call may have a second one, after 100 ms. */
const always = { delay: 100, share: 1 };

describe("a second call is made", () => {
  test("after the delay, and the first content wins", async () => {
    const [a, b] = [scripted("a", after(1000, "a")), scripted("b", after(50, "b"))];
    const notices: Notice[] = [];
    const model = hedge([a, b], always);
    expect(model).toMatchObject({ provider: "plugboard", id: "hedge(a,b)" });
    const answer = model.generate({ ...message, notify: (notice) => notices.push(notice) });
    await pass(99);
    expect(b.requests).toEqual([]);
    await pass(1);
    expect(b.requests).toHaveLength(1);
    expect(notices.at(-2)).toEqual({
      type: "hedge",
      first: { provider: "script", id: "a" },
      second: { provider: "script", id: "b" },
      delay: 100,
    });
    await pass(50);
    const { attempts, ...result } = await answer;
    expect(textOf(result)).toBe("b");
    expect(a.open).toBe(0);
    const began = attempts![0]!.started;
    expect(attempts).toMatchObject([
      { model: "a", outcome: "cancelled", ended: began + 150 },
      { model: "b", outcome: "finished", started: began + 100 },
    ]);
  });

  test("in a stream, too: one reader, one answer", async () => {
    const [a, b] = [scripted("a", after(120, "I am", ...after(100, " a"))), scripted("b", after(50, "b"))];
    const streaming = hedge([a, b], always).stream(message);
    await pass(120);
    const reply = await streaming;
    await pass(0);
    expect([a.open, b.open]).toEqual([1, 0]);
    const text = reply.text();
    await pass(100);
    expect(await text).toBe("I am a");
    expect((await reply.result()).attempts).toMatchObject([
      { model: "a", outcome: "finished" },
      { model: "b", outcome: "cancelled" },
    ]);
  });

  test("of the same model, where it is alone", async () => {
    const a = scripted("a", (_, call) => after(call === 0 ? 1000 : 10, `call ${call}`));
    const answer = hedge([a], always).generate(message);
    await pass(110);
    expect(textOf(await answer)).toBe("call 1");
  });

  test("for embeddings, for reranking, and for whatever else answers calls", async () => {
    const late = async <Value>(wait: number, value: Value): Promise<Value> => {
      await new Promise((resolve) => {
        setTimeout(resolve, wait);
      });
      return value;
    };
    const all = { usage: {}, warnings: [] };
    const embedding = (id: string, wait: number): EmbeddingModel =>
      defineEmbeddingModel({
        provider: "script",
        id,
        call: () => late(wait, { model: id, embeddings: [[1]], ...all }),
      });
    const ranker = (id: string, wait: number): RerankModel =>
      defineRerankModel({ provider: "script", id, call: () => late(wait, { model: id, ranking: [], ...all }) });
    const bare = (id: string, wait: number) => ({
      provider: "script",
      id,
      fingerprint: id,
      models: [],
      call: () => late(wait, id),
    });
    const embedded = hedge([embedding("a", 1000), embedding("b", 10)], always).embed(["x"]);
    const ranked = hedge([ranker("a", 1000), ranker("b", 10)], always).rerank({ query: "?", documents: ["x"] });
    const answered = hedge([bare("a", 1000), bare("b", 10)], always).call({});
    await pass(110);
    expect((await embedded).attempts).toMatchObject([{ outcome: "cancelled" }, { model: "b", outcome: "finished" }]);
    expect((await ranked).model).toBe("b");
    expect(await answered).toBe("b");
  });

  test("at the time within which 95 % had content, once there were 20", async () => {
    const b = scripted("b", ["b"]);
    // 19 of 20 take 10 ms, one takes 300.
    const a = scripted("a", (_, call) => after(call % 20 === 7 ? 300 : 10, "a"));
    const model = hedge([a, b]);
    const seconds: number[] = [];
    for (let call = 0; call < 100; call++) {
      const streaming = model.stream(message);
      await pass(300);
      await (await streaming).text();
      if (b.requests.length > seconds.length) seconds.push(call);
    }
    expect(seconds).toEqual([27, 47, 67, 87]);
  });

  test("by times of their own for what is streamed and what is not", async () => {
    const b = scripted("b", after(1, "b"));
    const a = scripted("a", (request) => after(request.stream ? 10 : 1000, "a"));
    const model = hedge([a, b], { share: 1 });
    for (let call = 0; call < 20; call++) {
      const streaming = model.stream(message);
      await pass(10);
      await (await streaming).text();
    }
    const answer = model.generate(message); // is no longer than it was
    await pass(1000);
    expect(textOf(await answer)).toBe("a");
    expect(b.requests).toEqual([]);
  });
});

test("the first content wins, not the first sign of life: headers, an empty delta and a count are none", async () => {
  const signs: Step[] = [
    { type: "start", model: "a" },
    { type: "text-delta", index: 0, text: "" },
    { type: "usage", usage: { input: 1 } },
  ];
  const [a, b] = [scripted("a", [...signs, { wait: 1000 }, "a"]), scripted("b", after(50, "b"))];
  const streaming = hedge([a, b], always).stream(message);
  await pass(150);
  expect(await (await streaming).text()).toBe("b");
  await pass(0);
  expect(a.open).toBe(0);
});

describe("no second call is made", () => {
  const b = () => scripted("b", ["never"]);

  test("when the answer is there in time", async () => {
    const next = b();
    const answer = hedge([scripted("a", after(99, "a")), next], always).generate(message);
    await pass(1000);
    expect(textOf(await answer)).toBe("a");
    expect(next.requests).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("for a failure: that is thrown at once", async () => {
    const next = b();
    const answer = failureOf(hedge([scripted("a", after(50, { fails: "server" })), next], always).generate(message));
    await pass(50);
    expect(await answer).toMatchObject({ code: "server", message: "a said server." });
    expect(vi.getTimerCount()).toBe(0);
    await pass(1000);
    expect(next.requests).toEqual([]);
  });

  test("once the call is called off, or its deadline would have passed", async () => {
    const next = b();
    const model = hedge([scripted("a", after(1000, "a")), next], always);
    const controller = new AbortController();
    const answer = failureOf(model.generate({ ...message, signal: controller.signal }));
    await pass(50);
    controller.abort();
    expect((await answer).code).toBe("aborted");
    const late = failureOf(model.generate({ ...message, deadline: Date.now() + 100 }));
    await pass(1000);
    expect(await late).toMatchObject({ code: "timeout", phase: "total" });
    expect(next.requests).toEqual([]);
  });

  test("once the call is called off, though the first one does not listen", async () => {
    const next = b();
    const deaf = defineModel({ provider: "script", id: "deaf", models: [next], call: () => new Promise(() => {}) });
    const controller = new AbortController();
    void hedge([deaf, next], always).call({ ...message, signal: controller.signal });
    controller.abort();
    await pass(1000);
    expect(next.requests).toEqual([]);
  });

  test("beyond its share of all calls", async () => {
    const next = scripted("b", ["b"]);
    const model = hedge([scripted("a", after(1000, "a")), next], { delay: 10 });
    for (let call = 0; call < 200; call++) {
      const answer = model.generate(message);
      await pass(1000);
      await answer;
    }
    expect(next.requests).toHaveLength(10);
  });
});

describe("once both are under way", () => {
  test("the failure of one waits for the other", async () => {
    const a = scripted("a", after(150, { fails: "server" }));
    const answer = hedge([a, scripted("b", after(100, "b"))], always).generate(message);
    await pass(200);
    expect(textOf(await answer)).toBe("b");
    const second = hedge([scripted("a", after(200, "a")), scripted("b", after(10, { fails: "auth" }))], always);
    const other = second.generate(message);
    await pass(200);
    expect(textOf(await other)).toBe("a");
  });

  test("and both fail, one error tells both", async () => {
    const [a, b] = [scripted("a", after(150, { fails: "auth" })), scripted("b", after(20, { fails: "overloaded" }))];
    const answer = failureOf(hedge([a, b], always).generate(message));
    await pass(150);
    expect(await answer).toMatchObject({
      code: "overloaded",
      message: "Both calls failed. script b: b said overloaded. script a: a said auth.",
      attempts: [
        { model: "a", outcome: "failed" },
        { model: "b", outcome: "failed" },
      ],
    });
  });

  test("both are called off by the caller, and nothing stays on his signal", async () => {
    const controller = new AbortController();
    const on = vi.spyOn(controller.signal, "addEventListener");
    const off = vi.spyOn(controller.signal, "removeEventListener");
    const [a, b] = [scripted("a", after(1000, "a")), scripted("b", after(1000, "b"))];
    const model = hedge([a, b], always);
    const answer = failureOf(model.generate({ ...message, signal: controller.signal }));
    await pass(150);
    expect([a.open, b.open]).toEqual([1, 1]);
    controller.abort();
    expect(await answer).toMatchObject({ code: "aborted", message: "The call was called off." });
    await pass(0);
    expect([a.open, b.open]).toEqual([0, 0]);
    expect(on).toHaveBeenCalledTimes(2);
    for (const [type, listener] of on.mock.calls) expect(off).toHaveBeenCalledWith(type, listener);
  });

  test("the caller is told at once that he left, though one does not listen", async () => {
    const b = scripted("b", after(1000, "b"));
    const deaf = defineModel({ provider: "script", id: "deaf", models: [b], call: () => new Promise(() => {}) });
    const controller = new AbortController();
    const answer = failureOf(hedge([deaf, b], always).call({ ...message, signal: controller.signal }));
    await pass(150);
    controller.abort();
    expect((await answer).code).toBe("aborted");
  });

  test("a loser that does not listen is let go when it answers", async () => {
    const cancelled = vi.fn<() => void>();
    const deaf = defineModel({
      provider: "script",
      id: "deaf",
      models: [scripted("inner", [])],
      call: () =>
        new Promise((resolve) => {
          setTimeout(() => {
            const start = { type: "start", model: "deaf" } as const;
            const pull = () => Promise.resolve([start, { type: "text-delta", index: 0, text: "late" } as const]);
            resolve(ModelReply.open({ pull, cancel: cancelled }));
          }, 500);
        }),
    });
    const streaming = hedge([deaf, scripted("b", ["b"])], always).stream(message);
    await pass(100);
    expect(await (await streaming).text()).toBe("b");
    await pass(400);
    expect(cancelled).toHaveBeenCalledTimes(1);
  });

  test("the loser asks nobody else", async () => {
    const other = scripted("c", ["never"]);
    const row = fallback([scripted("a", after(1000, "a")), other]);
    const answer = hedge([row, scripted("b", ["b"])], always).generate(message);
    await pass(1000);
    expect(textOf(await answer)).toBe("b");
    expect(other.requests).toEqual([]);
  });
});

test("the signal still reaches the winner while it is read", async () => {
  const controller = new AbortController();
  const a = scripted("a", ["One", ...after(1000, "Two")]);
  const reply = await hedge([a, scripted("b", ["never"])], always).stream({ ...message, signal: controller.signal });
  const answer = failureOf(reply.text());
  await pass(10);
  controller.abort(new Error("enough"));
  expect(await answer).toMatchObject({ code: "aborted", cause: { message: "enough" } });
  await pass(0);
  expect(a.open).toBe(0);
});

test.each<[string, () => unknown]>([
  ["the list has 0", () => hedge([])],
  ["the list has 3", () => hedge([scripted("a", []), scripted("b", []), scripted("c", [])])],
  ["`delay` must be", () => hedge([scripted("a", [])], { delay: -1 })],
  ["`share` must be", () => hedge([scripted("a", [])], { share: 2 })],
])("refuses what cannot be meant: %s", (sentence, make) => {
  expect(make).toThrow(sentence);
  expect(make).toThrow(expect.objectContaining({ code: "invalid-request" }));
});

test("whatever the models do: one answer of one of them, each attempt ended and told, nothing left open, no more extra calls than the share", async () => {
  const behaviour = fc.record({ wait: fc.nat(300), fails: fc.boolean(), late: fc.nat(100) });
  const call = fc.record({
    a: behaviour,
    b: behaviour,
    abortAt: fc.option(fc.nat(500)),
    stream: fc.boolean(),
    gap: fc.nat(50),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(call, { minLength: 1, maxLength: 25 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (calls, share) => {
        const script =
          (id: "a" | "b") =>
          ({ tags }: ModelRequest): Step[] => {
            const { wait, fails, late } = calls[Number(tags!["call"])]![id];
            return fails ? after(wait, { fails: "server" }) : after(wait, id, ...after(late, "!"));
          };
        const [a, b] = [scripted("a", script("a")), scripted("b", script("b"))];
        const model = hedge([a, b], { delay: 100, share });
        const ended: Promise<string>[] = [];
        for (const [place, { abortAt, stream, gap }] of calls.entries()) {
          const controller = new AbortController();
          const notices: Notice[] = [];
          const request = {
            ...message,
            tags: { call: String(place) },
            signal: controller.signal,
            notify: (n: Notice) => notices.push(n),
          };
          if (abortAt !== null) setTimeout(() => controller.abort(), abortAt);
          const asking = stream ? model.stream(request).then((reply) => reply.result()) : model.generate(request);
          ended.push(
            asking.then(
              ({ attempts = [], ...result }) => [textOf(result), ...attempts.map(({ outcome }) => outcome)].join(" "),
              (error: unknown) => (error instanceof ModelError ? error.code : String(error)),
            ),
          );
          await pass(gap);
        }
        await pass(1000);
        const one = /^([ab]! (finished|finished (failed|cancelled)|(failed|cancelled) finished)|server|aborted)$/;
        for (const end of await Promise.all(ended)) expect(end).toMatch(one);
        expect([a.open, b.open]).toEqual([0, 0]);
        expect(a.requests.length).toBeLessThanOrEqual(calls.length);
        expect(b.requests.length).toBeLessThanOrEqual(calls.length * share + 1e-6);
        expect(vi.getTimerCount()).toBe(0);
      },
    ),
    { numRuns: 60 },
  );
});
