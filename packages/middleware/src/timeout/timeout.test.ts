import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ModelError, ModelReply, defineEmbeddingModel } from "@plugboard/core";
import type { Draft, ModelEvent, ModelRequest, Notice } from "@plugboard/core";
import { retry } from "../retry/retry.ts";
import { pieces, testModel } from "../test-model.ts";
import { timeout } from "./timeout.ts";

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

const ask = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [{ role: "user", content: "hello" }],
  ...more,
});
const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const never = (): Promise<never> => new Promise(() => {});

/** How a promise settles and when, with all timers run. */
async function outcome(promise: Promise<unknown>): Promise<{ at: number; value?: unknown; error?: unknown }> {
  const settled = promise.then(
    (value) => ({ at: Date.now(), value }),
    (error: unknown) => ({ at: Date.now(), error }),
  );
  await vi.runAllTimersAsync();
  return settled;
}

describe("the total", () => {
  test("ends a call that does not answer, and tells its provider", async () => {
    const { model, requests } = testModel(never);
    expect(await outcome(model.with(timeout({ total: 1000 })).generate(ask()))).toMatchObject({
      at: 1000,
      error: { code: "timeout", phase: "total" },
    });
    expect(requests[0]!.signal!.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("is one deadline over all attempts and waits, in front of retry", async () => {
    const { model, requests } = testModel(async () => {
      await sleep(400);
      throw new ModelError("Busy.", { code: "overloaded" });
    });
    const limited = model.with(timeout({ total: 1000 }), retry({ attempts: 10, random: () => 0 }));
    const { at, error } = await outcome(limited.generate(ask()));
    expect(at).toBe(1000);
    expect(error).toMatchObject({
      code: "timeout",
      attempts: [{ outcome: "failed" }, { outcome: "failed" }, { error: "timeout" }],
    });
    expect(requests.map(({ deadline }) => deadline)).toEqual([1000, 1000, 1000]);
  });

  test("is of each attempt, behind retry", async () => {
    const { model } = testModel(async (_, call) => {
      if (call === 1) await never();
      return "second";
    });
    const limited = model.with(retry({ random: () => 0 }), timeout({ total: 1000 }));
    expect(await outcome(limited.generate(ask()))).toMatchObject({
      at: 1000,
      value: { attempts: [{ error: "timeout" }, { outcome: "finished" }] },
    });
  });

  test("never moves a deadline further away", async () => {
    const { model, requests } = testModel(() => "hi");
    const limited = model.with(timeout({ total: 1000 }), timeout({ total: 5000 }));
    await limited.generate(ask());
    await limited.generate(ask({ deadline: 10 }));
    expect(requests.map(({ deadline }) => deadline)).toEqual([1000, 10]);
  });

  test("also ends an answer that has begun, for its reader", async () => {
    const { model } = testModel(() => pieces(["one", "two"], never));
    const reply = await model.with(timeout({ total: 1000 })).stream(ask());
    expect(await outcome(reply.text())).toMatchObject({
      at: 1000,
      error: { code: "timeout", phase: "total", partial: { content: [{ text: "one" }] } },
    });
  });

  test("serves models that give no reply", async () => {
    const embed = (call: () => Promise<number[]>) =>
      timeout({ total: 1000 })({ provider: "test", id: "embed", fingerprint: "test:embed", models: [], call });
    expect(await outcome(embed(async () => [1])({}))).toMatchObject({ value: [1] });
    expect(await outcome(embed(never)({}))).toMatchObject({ error: { code: "timeout" } });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("an attempt", () => {
  test("that stalls ends by itself, in front of retry: the next one has what is left of the total", async () => {
    const { model, requests } = testModel((_, call) => (call < 3 ? never() : sleep(300).then(() => "third")));
    const limited = model.with(timeout({ total: 5000, attempt: 1000 }), retry({ random: () => 0 }));
    expect(await outcome(limited.generate(ask()))).toMatchObject({
      at: 2300,
      value: { attempts: [{ error: "timeout" }, { error: "timeout" }, { outcome: "finished" }] },
    });
    expect(requests.map(({ signal }) => signal!.aborted)).toEqual([true, true, false]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that is streamed has until its first content, and no end after it", async () => {
    const { model } = testModel((_, call) => (call === 1 ? never() : pieces(["one ", "two"], () => sleep(5000))));
    const limited = model.with(timeout({ attempt: 1000 }), retry({ random: () => 0 }));
    const reply = limited.stream(ask());
    await vi.advanceTimersByTimeAsync(1001);
    expect(await outcome((await reply).text())).toMatchObject({ at: 11_001, value: "one two" });
    expect(
      await outcome(
        testModel(never)
          .model.with(timeout({ attempt: 50 }))
          .stream(ask()),
      ),
    ).toMatchObject({
      error: { code: "timeout", phase: "first", provider: "test", message: expect.stringContaining("50 ms") },
    });
  });

  test("does not wait for longer than a layer further out lets it, nor counts the wait to be admitted", async () => {
    const { model } = testModel(never);
    const limited = model.with(timeout({ attempt: 1000 }), timeout({ attempt: 5000 }));
    const { error } = await outcome(limited.generate(ask({ admit: () => sleep(3000) })));
    expect(error).toMatchObject({ code: "timeout", phase: "total", message: expect.stringContaining("1000 ms") });
    expect(Date.now()).toBe(4000);
  });

  test("of a model that gives no reply is bounded, too", async () => {
    const model = defineEmbeddingModel({ provider: "test", id: "embed", call: never });
    const asked = model.with(timeout({ attempt: 1000 }), retry({ attempts: 2, random: () => 0 })).embed(["a"]);
    expect(await outcome(asked)).toMatchObject({
      at: 2000,
      error: { code: "timeout", phase: "total", attempts: [{ error: "timeout" }, { error: "timeout" }] },
    });
  });
});

describe("the first content", () => {
  test("that does not come in time ends the call; what came in time is not touched", async () => {
    const late = testModel(() => pieces(["one"], never));
    const reply = await late.model.with(timeout({ first: 1000 })).stream(ask());
    await vi.advanceTimersByTimeAsync(5000);
    expect((await reply.next()).value).toMatchObject({ type: "start" });
    await reply.return();
    const { model } = testModel(never);
    expect(await outcome(model.with(timeout({ first: 1000 })).stream(ask()))).toMatchObject({
      at: 6000,
      error: { code: "timeout", phase: "first" },
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  test("is not waited for where nobody reads deltas: the whole answer takes longer", async () => {
    const { model } = testModel(() => sleep(5000).then(() => "hi"));
    expect(await outcome(model.with(timeout({ first: 1000 })).generate(ask()))).toMatchObject({
      at: 5000,
      value: { finishReason: "stop" },
    });
  });

  test("that comes too late is let go, and its attempt told to the end", async () => {
    const attempts: string[] = [];
    const notify = (notice: Notice): void => void (notice.type === "attempt" && attempts.push(notice.attempt.outcome));
    const { model, requests } = testModel(() => sleep(2000).then(() => pieces(["one", "two"])));
    const { error } = await outcome(model.with(timeout({ first: 1000 })).stream(ask({ notify })));
    expect(error).toMatchObject({ code: "timeout" });
    expect(requests[0]!.signal!.aborted).toBe(true);
    expect(attempts).toEqual(["running", "failed"]);
  });
});

describe("silence", () => {
  test("between two pieces ends the answer, with what was said", async () => {
    const { model, requests } = testModel(() => pieces(["one", "two"], never));
    const reply = await model.with(timeout({ idle: 1000 })).stream(ask());
    expect(await outcome(reply.text())).toMatchObject({
      at: 1000,
      error: { code: "timeout", phase: "idle", partial: { content: [{ text: "one" }] } },
    });
    expect(requests[0]!.signal!.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that is shorter than the limit, again and again, is none", async () => {
    const { model } = testModel(() => pieces(["one ", "two ", "three"], () => sleep(900)));
    const reply = await model.with(timeout({ idle: 1000 })).stream(ask());
    expect(await outcome(reply.text())).toMatchObject({ at: 2700, value: "one two three" });
  });

  test("is broken by content alone: not by an empty read, an empty delta or a count", async () => {
    const idles: Draft[] = [
      { type: "usage", usage: { input: 1 } },
      { type: "text-delta", index: 0, text: "" },
    ];
    const { model } = testModel(() =>
      (async function* (): AsyncGenerator<Draft> {
        yield { type: "text-delta", index: 0, text: "one" };
        await sleep(900);
        yield { type: "text-delta", index: 0, text: "two" };
        for (let second = 0; second < 60; second++) {
          await sleep(400);
          yield idles[second % idles.length]!;
        }
      })(),
    );
    const reply = await model.with(timeout({ idle: 1000 })).stream(ask());
    expect(await outcome(reply.text())).toMatchObject({
      at: 1900,
      error: { code: "timeout", phase: "idle", partial: { content: [{ text: "onetwo" }] } },
    });
    const pings = await ModelReply.open({
      pull: vi
        .fn<() => Promise<ModelEvent[]>>(() => sleep(400).then(() => []))
        .mockResolvedValueOnce([
          { type: "start", model: "m" },
          { type: "text-delta", index: 0, text: "a" },
        ]),
    });
    const began = Date.now();
    const silent = await timeout({ idle: 1000 })({ ...model, call: async () => pings })({ ...ask(), stream: true });
    expect(await outcome(silent.result())).toMatchObject({ at: began + 1000, error: { phase: "idle" } });
  });

  test("in which nobody waits does not count, nor what it brought between before", async () => {
    const { model } = testModel(() =>
      (async function* (): AsyncGenerator<Draft> {
        yield "one";
        await sleep(600);
        yield { type: "usage", usage: { input: 1 } };
        await sleep(300);
        yield "two";
        yield { finishReason: "stop", usage: {} };
      })(),
    );
    const reply = await model.with(timeout({ idle: 1000 })).stream(ask());
    const read = (async () => {
      for await (const event of reply) if (event.type === "usage") await sleep(10_000);
    })();
    expect(await outcome(read)).not.toHaveProperty("error");
  });

  test("of a reader who takes their time is not the provider's", async () => {
    const { model } = testModel(() => pieces(["one ", "two ", "three"]));
    const reply = await model.with(timeout({ idle: 1000 })).stream(ask());
    let text = "";
    const read = (async () => {
      for await (const event of reply) {
        if (event.type === "text-delta") text += event.text;
        await sleep(10_000);
      }
    })();
    expect(await outcome(read)).not.toHaveProperty("error");
    expect(text).toBe("one two three");
  });
});

test("leaves no listener on the caller's signal, however the call ends", async () => {
  const { signal } = new AbortController();
  const { model } = testModel((_, call) => {
    if (call % 3 === 0) throw new ModelError("Down.", { code: "server" });
    return call % 3 === 1 ? "hi" : pieces(["one", "two"]);
  });
  const limited = model.with(timeout({ total: 1000, first: 500, idle: 500 }));
  let failed = 0;
  for (let call = 0; call < 300; call++) {
    const reply = await limited.stream(ask({ signal })).catch((error: ModelError) => error.code);
    if (reply === "server") failed++;
    else if (call % 2) await (reply as ModelReply).text();
    else await (reply as ModelReply).return();
  }
  expect(failed).toBe(100);
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
  expect(vi.getTimerCount()).toBe(0);
});

test("passes on that the caller called it off", async () => {
  const { model } = testModel(never);
  const stop = new AbortController();
  const call = model.with(timeout({ total: 1000 })).generate(ask({ signal: stop.signal }));
  stop.abort("enough");
  await expect(call).rejects.toMatchObject({ code: "aborted", cause: "enough" });
});

test.each([
  [{ total: Number.NaN }, "total"],
  [{ idle: -1 }, "idle"],
  [{ first: 2 ** 31 }, "first"],
  [{ attempt: 0 }, "attempt"],
])("refuses %o by name", (options, name) => {
  expect(() => timeout(options)).toThrow(
    expect.objectContaining({ code: "invalid-request", message: expect.stringContaining(`\`${name}\``) }),
  );
});
