import { getEventListeners } from "node:events";
import { afterEach, describe, expect, test, vi } from "vitest";
import * as fc from "fast-check";
import { ModelError } from "@plugboard/core";
import type { CallOptions, Middleware, Model, ModelReply, ModelRequest, Notice } from "@plugboard/core";
import { deferred, pieces, testModel } from "../test-model.ts";
import { singleFlight } from "./single-flight.ts";

afterEach(() => void vi.useRealTimers());

const ask = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [{ role: "user", content: "hello" }],
  ...more,
});
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A model whose answers come when told to: pieces wait for `next`, and `signal` is that of the last request. */
function gated(texts: readonly string[]): {
  shared: Model;
  requests: ModelRequest[];
  next: () => Promise<void>;
  signal: () => AbortSignal;
} {
  let passes = 0;
  let waiting = deferred();
  async function pass(): Promise<void> {
    if (passes === 0) await waiting.promise;
    passes--;
  }
  const { model, requests } = testModel(async (request) => {
    const off = new Promise<void>((_, reject) =>
      request.signal!.addEventListener("abort", () => reject(request.signal!.reason as Error)),
    );
    off.catch(() => {});
    return pieces(texts, () => Promise.race([pass(), off]));
  });
  return {
    shared: model.with(singleFlight()),
    requests,
    signal: () => requests.at(-1)!.signal!,
    async next() {
      passes++;
      waiting.resolve();
      waiting = deferred();
      await turn();
    },
  };
}

test("makes one call of identical calls at once, streamed and whole, and gives all the same answer", async () => {
  const { model, requests } = testModel(() => pieces(["one ", "two ", "three"]));
  const shared = model.with(singleFlight());
  const texts = await Promise.all(
    Array.from({ length: 30 }, async (_, caller) => {
      if (caller % 2) return (await shared.generate(ask())).content;
      return (await (await shared.stream(ask())).result()).content;
    }),
  );
  expect(requests).toHaveLength(1);
  expect(new Set(texts.map((content) => JSON.stringify(content)))).toEqual(
    new Set(['[{"type":"text","text":"one two three"}]']),
  );
});

test("makes another call once the answer has ended, and for another question", async () => {
  const { model, requests } = testModel(() => "hi");
  const shared = model.with(singleFlight());
  await shared.generate(ask());
  await Promise.all([shared.generate(ask()), shared.generate(ask({ seed: 1 }))]);
  expect(requests).toHaveLength(3);
});

test("keeps the tenants of a scope apart", async () => {
  const { model, requests } = testModel(() => "hi");
  const shared = model.with(singleFlight({ scope: ["tenant"] }));
  const tags: CallOptions["tags"][] = [{ tenant: "a" }, { tenant: "b" }, { tenant: "a" }, undefined, undefined];
  await Promise.all(tags.map((tags) => shared.generate(ask(tags && { tags }))));
  expect(requests).toHaveLength(4);
});

test("lets each read at their own pace, and those who come late read from the start", async () => {
  const { shared, next } = gated(["one ", "two ", "three"]);
  const fast = await shared.stream(ask());
  const slow = await shared.stream(ask());
  await fast.next();
  await fast.next();
  await next();
  await fast.next();
  const late = await shared.stream(ask());
  const rest = [slow.text(), late.text()];
  await next();
  await next();
  await next();
  expect(await Promise.all(rest)).toEqual(["one two three", "one two three"]);
});

test("reads no further than the fastest reader", async () => {
  let said = 0;
  const { model } = testModel(() =>
    (async function* () {
      for (; said < 100; said++) yield "x";
      yield { finishReason: "stop", usage: {} };
    })(),
  );
  const shared = model.with(singleFlight());
  const [reply] = await Promise.all([shared.stream(ask()), shared.stream(ask())]);
  await turn();
  await reply.next();
  await turn();
  expect(said).toBeLessThan(5);
});

describe("an answer without end", () => {
  /** Texts of half a megabyte, until told to stop. */
  function endless(): { readonly shared: Model; readonly requests: ModelRequest[]; stop: boolean } {
    const text = "x".repeat(2 ** 19);
    const world = { shared: undefined as unknown as Model, requests: [] as ModelRequest[], stop: false };
    const { model, requests } = testModel(() =>
      (async function* () {
        while (!world.stop) yield text;
        yield { finishReason: "stop", usage: {} };
      })(),
    );
    return Object.assign(world, { shared: model.with(singleFlight()), requests });
  }
  const read = async (reply: ModelReply, events: number): Promise<void> => {
    for (let count = 0; count < events; count++) await reply.next();
  };

  test("is read by all who keep up, however long it is; newcomers make a call of their own", async () => {
    const world = endless();
    const [one, other] = await Promise.all([world.shared.stream(ask()), world.shared.stream(ask())]);
    for (let round = 0; round < 100; round++) await Promise.all([read(one, 1), read(other, 1)]);
    expect(world.requests).toHaveLength(1);
    const late = await world.shared.stream(ask());
    expect(world.requests).toHaveLength(2);
    world.stop = true;
    const rest = [one, other, late].map((reply) => reply.result());
    for (const result of await Promise.all(rest)) expect(result.finishReason).toBe("stop");
  });

  test("throws out who is far behind, and nobody else", async () => {
    const world = endless();
    const [fast, slow] = await Promise.all([world.shared.stream(ask()), world.shared.stream(ask())]);
    await read(fast, 40);
    await expect(read(slow, 40)).rejects.toMatchObject({ code: "timeout", phase: "idle" });
    await read(fast, 10);
    world.stop = true;
    expect((await fast.result()).finishReason).toBe("stop");
    expect(world.requests).toHaveLength(1);
  });
});

describe("a caller who leaves", () => {
  test("leaves the others their answer, even the one who came first", async () => {
    const { shared, requests, next, signal } = gated(["one ", "two"]);
    const stop = new AbortController();
    const leader = shared.generate(ask({ signal: stop.signal }));
    const follower = shared.generate(ask());
    await turn();
    stop.abort("enough");
    await expect(leader).rejects.toMatchObject({ code: "aborted", cause: "enough" });
    expect(signal().aborted).toBe(false);
    await next();
    await next();
    expect((await follower).content).toEqual([{ type: "text", text: "one two" }]);
    expect(requests).toHaveLength(1);
  });

  test("hands the attempt on to one who stays, who then sees what it was", async () => {
    const { shared, next } = gated(["one ", "two"]);
    const stop = new AbortController();
    const leader = shared.generate(ask({ signal: stop.signal }));
    const followers = [shared.generate(ask()), shared.generate(ask())];
    await turn();
    stop.abort();
    await expect(leader).rejects.toMatchObject({ code: "aborted" });
    await next();
    await next();
    const [heir, other] = await Promise.all(followers);
    expect(heir!.attempts).toMatchObject([{ outcome: "finished", usage: { input: 10 } }]);
    expect(other!.attempts).toEqual([]);
  });

  test("as the last one calls the call off, and whoever comes next makes their own", async () => {
    const { shared, requests, signal } = gated(["one ", "two"]);
    const stops = [new AbortController(), new AbortController()];
    const calls = stops.map(({ signal }) => shared.generate(ask({ signal })));
    await turn();
    stops[0]!.abort();
    expect(signal().aborted).toBe(false);
    stops[1]!.abort();
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: "aborted" });
    expect(signal().aborted).toBe(true);
    void shared.stream(ask());
    expect(requests).toHaveLength(2);
  });

  test("by leaving the loop counts too", async () => {
    const { shared, signal } = gated(["one ", "two"]);
    for await (const event of await shared.stream(ask())) if (event.type === "text-delta") break;
    expect(signal().aborted).toBe(true);
  });

  test("before the call began makes none", async () => {
    const { shared, requests } = gated(["one"]);
    await expect(shared.generate(ask({ signal: AbortSignal.abort() }))).rejects.toMatchObject({ code: "aborted" });
    expect(requests).toHaveLength(0);
  });
});

test("each caller has a deadline of their own", async () => {
  vi.useFakeTimers({ now: 0 });
  const { model, requests } = testModel(() => new Promise((resolve) => setTimeout(resolve, 1000, "hi")));
  const shared = model.with(singleFlight());
  const hasty = shared.generate(ask({ deadline: 500 })).catch((error: unknown) => [Date.now(), error]);
  const patient = shared.generate(ask({ deadline: 2000 }));
  await vi.runAllTimersAsync();
  expect(await hasty).toEqual([500, expect.objectContaining({ code: "timeout", phase: "total" })]);
  expect((await patient).finishReason).toBe("stop");
  expect(requests).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});

describe("a failure", () => {
  test("is shared once, with an error for each, and then forgotten", async () => {
    const { model, requests } = testModel((_, call) => {
      if (call === 1) throw new ModelError("Busy.", { code: "overloaded", retryAfter: 7 });
      return "hi";
    });
    const shared = model.with(singleFlight());
    const outcomes = await Promise.allSettled([shared.generate(ask()), shared.generate(ask()), shared.stream(ask())]);
    const errors = outcomes.map((outcome) => (outcome as PromiseRejectedResult).reason as ModelError);
    for (const error of errors) expect(error).toMatchObject({ code: "overloaded", retryAfter: 7, message: "Busy." });
    expect(new Set(errors).size).toBe(3);
    expect(errors.map(({ attempts }) => attempts!.length)).toEqual([1, 0, 0]);
    expect(requests).toHaveLength(1);
    await shared.generate(ask());
    expect(requests).toHaveLength(2);
  });

  test("in the middle is thrown to every reader after what was said, with the partial", async () => {
    const { model } = testModel(() =>
      pieces(["one"], () => Promise.reject(new ModelError("Cut.", { code: "truncated" }))),
    );
    const shared = model.with(singleFlight());
    const replies = await Promise.all([shared.stream(ask()), shared.stream(ask())]);
    for (const reply of replies)
      await expect(reply.text()).rejects.toMatchObject({ code: "truncated", partial: { content: [{ text: "one" }] } });
  });

  test("of one caller's budget is not the others'", async () => {
    const { model, requests } = testModel(() => "hi");
    const shared = model.with(singleFlight());
    const poor = shared.generate(ask({ admit: () => Promise.reject(new ModelError("Spent.", { code: "budget" })) }));
    const rich = [shared.generate(ask()), shared.generate(ask())];
    await expect(poor).rejects.toMatchObject({ code: "budget" });
    for (const result of await Promise.all(rich)) expect(result.finishReason).toBe("stop");
    expect(requests).toHaveLength(1);
  });
});

test("a thousand calls that share one signal leave no listener on it", async () => {
  const { signal } = new AbortController();
  const { model } = testModel(() => "hi");
  const shared = model.with(singleFlight());
  for (let round = 0; round < 10; round++)
    await Promise.all(Array.from({ length: 100 }, () => shared.generate(ask({ signal }))));
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});

test("whatever the order of arrivals, reads and departures, there is one call while anyone waits and nobody hangs", async () => {
  const caller = fc.record({ stream: fc.boolean(), leavesAfter: fc.option(fc.nat(4)) });
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(caller, { minLength: 2, maxLength: 12 }),
      fc.boolean(),
      async (scheduler, callers, breaks) => {
        let live = 0;
        let most = 0;
        const { model } = testModel(async ({ signal }) => {
          most = Math.max(most, ++live);
          let over = false;
          const end = (): void => void (over || ((over = true), live--));
          signal!.addEventListener("abort", end);
          return (async function* () {
            for (const text of ["one ", "two ", "three"]) {
              await scheduler.schedule(Promise.resolve());
              if (signal!.aborted) return;
              if (breaks && text === "three") {
                end();
                throw new ModelError("Cut.", { code: "truncated" });
              }
              yield text;
            }
            end();
            yield { finishReason: "stop", usage: {} };
          })();
        });
        const shared = model.with(singleFlight());

        async function run({ stream, leavesAfter }: { stream: boolean; leavesAfter: number | null }): Promise<string> {
          await scheduler.schedule(Promise.resolve());
          const stop = new AbortController();
          let reads = 0;
          if (!stream) {
            const call = shared.generate(ask({ signal: stop.signal }));
            if (leavesAfter !== null) void scheduler.schedule(Promise.resolve()).then(() => stop.abort());
            return call.then(
              ({ content }) => (content[0] as { text: string }).text,
              (error: ModelError) => error.code,
            );
          }
          let reply: ModelReply | undefined;
          try {
            reply = await shared.stream(ask());
            let text = "";
            for await (const event of reply) {
              if (event.type === "text-delta") text += event.text;
              await scheduler.schedule(Promise.resolve());
              if (reads++ === leavesAfter) return "left";
            }
            return text;
          } catch (error) {
            return (error as ModelError).code;
          }
        }

        const outcomes = Promise.all(callers.map(run));
        await scheduler.waitFor(outcomes);
        const allowed = new Set(["left", "aborted", breaks ? "truncated" : "one two three"]);
        for (const outcome of await outcomes) expect(allowed).toContain(outcome);
        expect(most).toBe(1);
        expect(live).toBe(0);
      },
    ),
    { numRuns: 60 },
  );
});

test("K identical calls at once make one call, and one more for each leader that is lost to its own budget, or to the last one's leaving", async () => {
  const caller = fc.record({ stream: fc.boolean(), isPoor: fc.boolean(), leaves: fc.boolean() });
  const rounds = fc.array(fc.array(caller, { minLength: 1, maxLength: 10 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), rounds, async (scheduler, rounds) => {
      const calls: AbortSignal[] = [];
      let admissions = 0;
      const { model } = testModel(async ({ signal }) => {
        calls.push(signal!);
        return pieces(["one ", "two"], () => scheduler.schedule(Promise.resolve()));
      });
      const shared = model.with(singleFlight());
      for (const callers of rounds) {
        const before = { calls: calls.length, admissions };
        // What one poor leader cannot pay for is asked for by the next one.
        const stops = callers.map(() => new AbortController());
        const outcomes = callers.map(async ({ stream, isPoor }, place) => {
          const admit = async (): Promise<void> => {
            admissions++;
            if (isPoor) throw new ModelError("Spent.", { code: "budget" });
          };
          const request = ask({ signal: stops[place]!.signal, admit });
          const asking = stream ? shared.stream(request).then((reply) => reply.result()) : shared.generate(request);
          return asking.then(
            ({ content }) => (content[0] as { text: string }).text,
            (error: unknown) => (error as ModelError).code,
          );
        });
        const leaving = callers.map(({ leaves }, place) =>
          leaves ? scheduler.schedule(Promise.resolve()).then(() => stops[place]!.abort()) : undefined,
        );
        const all = Promise.all(outcomes);
        await scheduler.waitFor(Promise.all([all, ...leaving]));
        for (const [place, outcome] of (await all).entries()) {
          const { isPoor, leaves } = callers[place]!;
          const may = ["one two", ...(isPoor ? ["budget"] : []), ...(leaves ? ["aborted"] : [])];
          expect(may).toContain(outcome);
        }
        const made = calls.slice(before.calls);
        const lost = made.filter(({ aborted }) => aborted).length;
        expect(made.length).toBeLessThanOrEqual(1 + lost);
        const poor = callers.filter(({ isPoor }) => isPoor).length;
        expect(admissions - before.admissions).toBeLessThanOrEqual(made.length + poor);
        const isAnswered = callers.some(({ isPoor, leaves }) => !isPoor && !leaves);
        expect(made.length - lost).toBeGreaterThanOrEqual(isAnswered ? 1 : 0);
      }
    }),
    { numRuns: 100 },
  );
});

test("of two calls of one request, of which one is let go, the attempt is told once", async () => {
  const { shared, next } = gated(["one ", "two"]);
  const told: string[] = [];
  const both: Middleware = (model) => async (request) => {
    const stops = [new AbortController(), new AbortController()];
    const [first, second] = stops.map(({ signal }) => model.call({ ...request, signal }));
    await turn();
    stops[0]!.abort();
    await expect(first).rejects.toMatchObject({ code: "aborted" });
    return second!;
  };
  const notify = (notice: Notice): void => void (notice.type === "attempt" && told.push(notice.attempt.outcome));
  const answer = shared.with(both).generate(ask({ notify }));
  for (let times = 0; times < 3; times++) {
    await turn();
    await next();
  }
  expect((await answer).attempts).toHaveLength(1);
  expect(told).toEqual(["running", "finished"]);
});
