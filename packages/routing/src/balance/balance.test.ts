import { ModelError, defineEmbeddingModel, defineRerankModel, textOf } from "@plugboard/core";
import type { EmbeddingModel, ModelErrorCode, ModelRequest, Notice, RerankModel } from "@plugboard/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { failureOf, scripted } from "../scripted-model.ts";
import type { Scripted, Step } from "../scripted-model.ts";
import { balance } from "./balance.ts";
import { leastInFlight } from "./least-in-flight.ts";
import { lowestCost } from "./lowest-cost.ts";
import { lowestLatency } from "./lowest-latency.ts";
import { sticky } from "./sticky.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const message = { messages: [{ role: "user", content: "hello" }] } as const satisfies ModelRequest;
const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);
const calls = (...models: Scripted[]): number[] => models.map(({ requests }) => requests.length);
const up = (id: string): Scripted => scripted(id, [id]);
const down = (id: string, fails: ModelErrorCode = "server"): Scripted => scripted(id, [{ fails }]);
/** Fails while it is told to. */
function shaky(id: string, parts: { down: boolean; readonly fingerprint?: string }): Scripted {
  const { fingerprint } = parts;
  return scripted(
    id,
    () => (parts.down ? [{ fails: "server" }] : [id]),
    fingerprint === undefined ? {} : { fingerprint },
  );
}

async function ask(
  model: { generate: Scripted["generate"] },
  times: number,
  request: ModelRequest = message,
): Promise<string[]> {
  const answers: string[] = [];
  for (let call = 0; call < times; call++) {
    answers.push(await model.generate(request).then(textOf, (error: unknown) => (error as ModelError).code));
  }
  return answers;
}

describe("calls are shared out", () => {
  test("in turn, or by weight", async () => {
    const [a, b] = [up("a"), up("b")];
    const model = balance([a, b]);
    expect(model).toMatchObject({ provider: "plugboard", id: "balance(a,b)" });
    expect(model.fingerprint).toContain(b.fingerprint);
    expect(await ask(model, 4)).toEqual(["a", "b", "a", "b"]);
    expect(await ask(balance([{ model: a, weight: 2 }, b]), 6)).toEqual(["a", "b", "a", "a", "b", "a"]);
  });

  test("to the one with the fewest under way, until their answers have ended", async () => {
    const slow = (id: string) => scripted(id, [id, { wait: 100 }, "!"]);
    const model = balance([slow("a"), slow("b")], { by: leastInFlight() });
    const replies = [await model.stream(message), await model.stream(message), await model.stream(message)];
    expect(replies.map(({ start }) => start.model)).toEqual(["a", "b", "a"]);
    replies[0]!.cancel();
    replies[2]!.cancel();
    expect((await model.stream(message)).start.model).toBe("a");
    const done = replies[1]!.text();
    await pass(100);
    expect(await done).toBe("b!");
  });

  test("to the one that is faster of late, and to the other again by and by", async () => {
    const times = { a: 10, b: 200 };
    const timed = (id: "a" | "b") => scripted(id, () => [{ wait: times[id] }, id]);
    const [a, b] = [timed("a"), timed("b")];
    const model = balance([a, b], { by: lowestLatency({ random: () => 0 }) });
    async function stream(times: number, every: number): Promise<void> {
      for (let call = 0; call < times; call++) {
        const streaming = model.stream(message);
        await pass(every);
        await (await streaming).text();
      }
    }
    await stream(10, 200);
    expect(calls(a, b)).toEqual([9, 1]);
    times.a = 1000;
    times.b = 10;
    await stream(10, 1000);
    expect(calls(a, b)).toEqual([10, 10]);
    await pass(60_000);
    times.a = 5;
    await stream(2, 1000);
    expect(calls(a)).toEqual([11]);
  });

  test("so that one that hangs until its callers give up is not the fastest", async () => {
    const [a, b] = [scripted("a", [{ wait: 10 ** 6 }]), scripted("b", [{ wait: 50 }, "b"])];
    const model = balance([a, b], { by: lowestLatency({ random: () => 0 }) });
    for (let call = 0; call < 10; call++) {
      const answer = ask(model, 1, { ...message, deadline: Date.now() + 100 });
      await pass(100);
      await answer;
    }
    expect(calls(a, b)).toEqual([1, 9]);
  });

  test("of embeddings, of reranking, and of whatever else answers calls", async () => {
    const all = { usage: {}, warnings: [] };
    const embedding = (id: string): EmbeddingModel =>
      defineEmbeddingModel({ provider: "script", id, call: async () => ({ model: id, embeddings: [[1]], ...all }) });
    const ranker = (id: string): RerankModel =>
      defineRerankModel({ provider: "script", id, call: async () => ({ model: id, ranking: [], ...all }) });
    const bare = (id: string) => ({ provider: "script", id, fingerprint: id, models: [], call: async () => id });
    const embeddings = balance([embedding("a"), { model: embedding("b"), weight: 1 }], { by: leastInFlight() });
    const rankers = balance([{ model: ranker("a"), weight: 2 }, ranker("b")]);
    const others = balance([bare("a"), bare("b")]);
    const said: string[] = [];
    for (let call = 0; call < 2; call++) {
      said.push((await embeddings.embed(["x"])).model);
      said.push((await rankers.rerank({ query: "?", documents: ["x"] })).model);
      said.push(await others.call({}));
    }
    expect(said).toEqual(["a", "a", "a", "b", "b", "b"]);
  });

  test("by a policy of the application's, which chooses among those it is given", async () => {
    const model = balance([up("a"), up("b")], { by: () => (candidates) => candidates.at(-1)! });
    expect(await ask(model, 2)).toEqual(["b", "b"]);
    const wrong = balance([up("a")], { by: () => (candidates) => ({ ...candidates[0]! }) });
    expect((await failureOf(wrong.generate(message))).code).toBe("invalid-request");
  });

  test("in turn where a policy fails, and that is told", async () => {
    const oops = (): never => {
      throw new Error("oops");
    };
    for (const by of [sticky(oops), lowestCost(oops), () => oops]) {
      const faults: unknown[] = [];
      const notify = (notice: Notice): void => void (notice.type === "fault" && faults.push(notice.error));
      expect(await ask(balance([up("a"), up("b")], { by }), 4, { ...message, notify })).toEqual(["a", "b", "a", "b"]);
      expect(faults).toHaveLength(4);
    }
  });

  test("and what is given is the very reply of the model", async () => {
    const a = up("a");
    const spy = vi.spyOn(a, "call");
    const reply = await balance([a]).call({ ...message, stream: true });
    expect(reply).toBe(await spy.mock.results[0]!.value);
  });
});

describe("a model that fails", () => {
  test("five times in a row is ejected for half a minute, then tried, and readmitted", async () => {
    const state = { down: true };
    const [a, b] = [shaky("a", state), up("b")];
    const notices: Notice[] = [];
    const request = { ...message, notify: (notice: Notice) => notices.push(notice) };
    const model = balance([a, b]);
    await ask(model, 10, request);
    expect(calls(a, b)).toEqual([5, 5]);
    expect(notices.find(({ type }) => type === "ejected")).toMatchObject({
      model: { id: "a" },
      delay: 30_000,
      error: { code: "server" },
    });
    await ask(model, 10);
    expect(calls(a, b)).toEqual([5, 15]);

    await pass(29_999);
    await ask(model, 2);
    expect(calls(a)).toEqual([5]);
    await pass(1);
    await ask(model, 10); // one try, which fails
    expect(calls(a)).toEqual([6]);
    await pass(59_999); // twice as long
    await ask(model, 10);
    expect(calls(a)).toEqual([6]);

    await pass(1);
    state.down = false;
    expect(new Set(await ask(model, 10, request))).toEqual(new Set(["a", "b"]));
    expect(notices.filter(({ type }) => type === "readmitted")).toMatchObject([{ model: { id: "a" } }]);
    expect(calls(a)[0]).toBeGreaterThan(7);
  });

  test("fewer times in a row than that stays", async () => {
    const a = scripted("a", (_, call) => (call % 5 === 4 ? ["a"] : [{ fails: "server" }]));
    await ask(balance([a, up("b")]), 40);
    expect(calls(a)).toEqual([20]);
  });

  test("stays ejected when a call that began before is answered", async () => {
    const a = scripted("a", (_, call) => (call === 0 ? [{ wait: 1000 }, "a"] : [{ fails: "server" }]));
    const model = balance([a, up("b")]);
    const early = model.generate(message);
    await pass(1);
    await ask(model, 12);
    expect(calls(a)).toEqual([6]);
    await pass(1000);
    expect(textOf(await early)).toBe("a");
    await ask(model, 4);
    expect(calls(a)).toEqual([6]);
  });

  test("is ejected for longer each time, unless it has done well for long", async () => {
    const state = { down: true };
    const delays: number[] = [];
    const notify = (notice: Notice): unknown => notice.type === "ejected" && delays.push(notice.delay);
    const model = balance([shaky("a", state), up("b")], { eject: { delay: 1000, maxDelay: 4000 } });
    const fail = () => ask(model, 10, { ...message, notify });
    for (const wait of [1000, 2000, 4000, 4000]) {
      await fail();
      await pass(wait);
    }
    state.down = false;
    await ask(model, 4);
    state.down = true;
    await fail();
    await pass(4000);
    state.down = false;
    await ask(model, 4);
    await pass(4001);
    state.down = true;
    await fail();
    expect(delays).toEqual([1000, 2000, 4000, 4000, 4000, 1000]);
  });

  test("gets calls all the same where all are ejected", async () => {
    const [a, b] = [down("a"), down("b")];
    expect(await ask(balance([a, b], { eject: { share: 1 } }), 20)).toEqual(Array(20).fill("server"));
    expect(calls(a, b)).toEqual([10, 10]);
  });

  test("is tried with one call at a time", async () => {
    const a = scripted("a", (_, call) => (call < 5 ? [{ fails: "server" }] : [{ wait: 1000 }, "a"]));
    const model = balance([a, up("b")]);
    await ask(model, 10);
    await pass(30_000);
    const answers = Promise.all(Array.from({ length: 20 }, () => model.generate(message)));
    await pass(1000);
    await answers;
    expect(calls(a)).toEqual([6]);
    const again = Promise.all(Array.from({ length: 20 }, () => model.generate(message)));
    await pass(1000);
    await again;
    expect(calls(a)).toEqual([16]);
  });

  test("is free to be tried again when the try is called off", async () => {
    const a = scripted("a", (_, call) => (call < 5 ? [{ fails: "server" }] : call === 5 ? [{ wait: 10 ** 6 }] : ["a"]));
    const model = balance([a, up("b")]);
    await ask(model, 10);
    await pass(30_000);
    const controller = new AbortController();
    const tries = [1, 2].map(() =>
      failureOf(model.generate({ ...message, signal: controller.signal })).catch(() => {}),
    );
    await pass(10);
    expect(calls(a)).toEqual([6]);
    controller.abort();
    await Promise.all(tries);
    expect(await ask(model, 4)).toContain("a");
  });

  test("while the answer is read counts, too", async () => {
    const a = scripted("a", ["half", { fails: "network" }]);
    const model = balance([a, up("b")]);
    for (let call = 0; call < 20; call++) await (await model.stream(message)).text().catch(() => {});
    expect(calls(a)).toEqual([5]);
  });

  test("stays where it is one of one, and at most half of them go", async () => {
    const alone = down("a");
    await ask(balance([alone]), 20);
    expect(calls(alone)).toEqual([20]);
    const all = [down("a"), down("b"), down("c"), down("d"), down("e")];
    await ask(balance(all), 100);
    expect(calls(...all).filter((count) => count === 5)).toHaveLength(2);
  });

  test.each<ModelErrorCode>([
    "invalid-request",
    "content-filter",
    "context-length",
    "unsupported",
    "budget",
    "not-found",
  ])("for what may be the caller's fault is not ejected: %s", async (code) => {
    const a = down("a", code);
    await ask(balance([a, up("b")]), 20);
    expect(calls(a)).toEqual([10]);
  });

  test("is not ejected when its callers leave, or have no time", async () => {
    const a = scripted("a", [{ wait: 1000 }, "a"]);
    const model = balance([a, up("b")]);
    for (let call = 0; call < 20; call++) {
      const answer = ask(model, 1, { ...message, deadline: Date.now() + 10 });
      await pass(10);
      await answer;
    }
    expect(calls(a)).toEqual([10]);
  });

  test("and asks to wait is left alone until then, and asked again where all do", async () => {
    const limited = (id: string) => scripted(id, [{ fails: "rate-limit", retryAfter: 10_000 }]);
    const [a, b] = [limited("a"), up("b")];
    const model = balance([a, b]);
    expect(await ask(model, 4)).toEqual(["rate-limit", "b", "b", "b"]);
    await pass(9999);
    expect(await ask(model, 1)).toEqual(["b"]);
    await pass(1);
    expect(await ask(model, 2)).toContain("rate-limit");
    const both = balance([limited("c"), limited("d")]);
    expect(await ask(both, 20)).toEqual(Array(20).fill("rate-limit"));
  });

  test("is never ejected with `eject: false`", async () => {
    const a = down("a");
    await ask(balance([a, up("b")], { eject: false }), 20);
    expect(calls(a)).toEqual([10]);
  });

  test("leaves another key of the same deployment in", async () => {
    const [one, two] = [shaky("m", { down: true, fingerprint: "m" }), shaky("m", { down: false, fingerprint: "m" })];
    await ask(balance([one, two]), 20);
    expect(calls(one, two)).toEqual([5, 15]);
    const by = sticky(({ tags }) => tags?.["user"]);
    const keys = balance([one, two], { by });
    for (let user = 0; user < 50; user++) await ask(keys, 1, { ...message, tags: { user: `u${user}` } });
    expect(calls(one)[0]).toBeGreaterThan(5);
    expect(calls(two)[0]).toBeGreaterThan(15 + 5);
  });
});

test.each<[string, () => unknown]>([
  ["the list is empty", () => balance([])],
  ["is there before", () => balance([up("a"), up("a")].flatMap((model) => [model, model]))],
  ["`models[0].weight` must be a number above 0", () => balance([{ model: up("a"), weight: 0 }])],
  ["`eject.faults`", () => balance([up("a")], { eject: { faults: 0 } })],
  ["`eject.share`", () => balance([up("a")], { eject: { share: 2 } })],
])("refuses what cannot be meant: %s", (sentence, make) => {
  expect(make).toThrow(sentence);
  expect(make).toThrow(expect.objectContaining({ code: "invalid-request" }));
});

test("whatever happens: every call goes to one model, never more than half are ejected, and in the end nothing is under way", async () => {
  const step = fc.record({
    fails: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    wait: fc.nat(200),
    gap: fc.nat(8000),
    end: fc.constantFrom("read", "cancel", "abort", "whole"),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.array(step, { maxLength: 60 }),
      fc.nat(3),
      async (size, steps, which) => {
        const ejected = new Set<string>();
        const notify = (notice: Notice): void => {
          if (notice.type === "ejected") ejected.add(notice.model.id);
          if (notice.type === "readmitted") ejected.delete(notice.model.id);
          expect(ejected.size).toBeLessThanOrEqual(size / 2);
        };
        const models = Array.from({ length: size }, (_, place) =>
          scripted(`m${place}`, ({ tags }): Step[] => {
            const { fails, wait } = steps[Number(tags!["call"])]!;
            return [{ wait }, fails[place] ? { fails: "server" } : "ok"];
          }),
        );
        const underWay: (() => number)[] = [];
        const policies = [leastInFlight(), lowestLatency(), sticky(({ tags }) => tags?.["call"])];
        const inner = policies[which % policies.length]!();
        const model = balance(models, {
          eject: { faults: 2, delay: 5000, maxDelay: 20_000 },
          by: () => (candidates, request) => {
            expect(candidates.length).toBeGreaterThan(0);
            underWay.push(() => candidates.reduce((sum, { inFlight }) => sum + inFlight, 0));
            return inner(candidates, request);
          },
        });
        const ends: Promise<unknown>[] = [];
        for (const [call, { gap, end }] of steps.entries()) {
          const controller = new AbortController();
          const request = { ...message, tags: { call: String(call) }, notify, signal: controller.signal };
          if (end === "abort") setTimeout(() => controller.abort(), 100);
          const asking =
            end === "whole"
              ? model.generate(request)
              : model.stream(request).then((reply) => (end === "cancel" ? String(reply.cancel()) : reply.text()));
          ends.push(
            asking.then(
              () => "ok",
              (error: unknown) => (error instanceof ModelError ? error.code : error),
            ),
          );
          await pass(gap);
        }
        await pass(1000);
        expect(["ok", "server", "aborted"]).toEqual(expect.arrayContaining(await Promise.all(ends)));
        expect(calls(...models).reduce((sum, count) => sum + count, 0)).toBe(steps.length);
        for (const count of underWay) expect(count()).toBe(0);
      },
    ),
    { numRuns: 50 },
  );
});
