import { ModelError, textOf } from "@plugboard/core";
import type { Notice } from "@plugboard/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { failureOf, scripted } from "../scripted-model.ts";
import type { Scripted } from "../scripted-model.ts";
import { cooldown } from "./cooldown.ts";
import { fallback } from "./fallback.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const message = { messages: [{ role: "user", content: "hello" }] } as const;
const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);
const calls = (...models: Scripted[]): number[] => models.map(({ requests }) => requests.length);
const down = (id = "a"): Scripted => scripted(id, [{ fails: "server" }]);
const up = (id = "b"): Scripted => scripted(id, [id]);
const limited = (retryAfter: number, id = "a"): Scripted => scripted(id, [{ fails: "rate-limit", retryAfter }]);

describe("a model that failed", () => {
  test("is left alone for 5, 10, 20, … seconds, and said to be", async () => {
    const [a, b] = [down(), up()];
    const model = fallback([a, b]);
    const asked: number[] = [];
    for (let second = 0; second <= 60; second++) {
      const before = a.requests.length;
      expect(textOf(await model.generate("hello"))).toBe("b");
      if (a.requests.length > before) asked.push(second);
      await pass(1000);
    }
    expect(asked).toEqual([0, 5, 15, 35]);
    expect(calls(b)).toEqual([61]);

    const notices: Notice[] = [];
    const { attempts } = await model.generate({ ...message, notify: (notice) => notices.push(notice) });
    expect(attempts?.map(({ model }) => model)).toEqual(["b"]);
    expect(notices.find(({ type }) => type === "skipped")).toMatchObject({
      model: { provider: "script", id: "a" },
      reason: "cooldown",
      error: { code: "server", message: expect.stringContaining("is left alone for 14000 ms") as string },
    });
  });

  test("is left alone for as long as its provider asks for", async () => {
    const [a, b] = [limited(30_000), up()];
    const model = fallback([a, b]);
    const notices: Notice[] = [];
    await model.generate({ ...message, notify: (notice) => notices.push(notice) });
    expect(notices.find(({ type }) => type === "cooldown")).toMatchObject({ model: { id: "a" }, delay: 30_000 });
    await pass(29_999);
    await model.generate("hello");
    expect(calls(a, b)).toEqual([1, 2]);
    await pass(1);
    await model.generate("hello");
    expect(calls(a, b)).toEqual([2, 3]);
  });

  test("is asked again after an hour at most", async () => {
    const [a, b] = [limited(10 ** 12), up()];
    const model = fallback([a, b]);
    await model.generate("hello");
    await pass(3_599_999);
    await model.generate("hello");
    expect(calls(a)).toEqual([1]);
    await pass(1);
    await model.generate("hello");
    expect(calls(a)).toEqual([2]);
  });

  test("begins at 5 seconds again once it has answered", async () => {
    const a = scripted("a", (_, call) => (call === 1 ? ["a"] : [{ fails: "server" }]));
    const model = fallback([a, up()]);
    await model.generate("hello"); // fails
    await pass(5000);
    await model.generate("hello"); // answers
    await model.generate("hello"); // fails
    expect(calls(a)).toEqual([3]);
    await pass(5000);
    await model.generate("hello");
    expect(calls(a)).toEqual([4]);
  });

  test("stays so when a call that began before is answered", async () => {
    const a = scripted("a", (_, call) => (call === 0 ? [{ wait: 100 }, "a"] : [{ fails: "server" }]));
    const model = fallback([a, up()]);
    const early = model.generate("hello");
    await pass(50);
    await model.generate("hello");
    await pass(50);
    expect(textOf(await early)).toBe("a");
    await model.generate("hello");
    expect(calls(a)).toEqual([2]);
  });

  test("begins at 5 seconds again when that is long ago", async () => {
    const a = down();
    const model = fallback([a, up()]);
    await model.generate("hello");
    await pass(65_000);
    await model.generate("hello");
    await pass(5000);
    await model.generate("hello");
    expect(calls(a)).toEqual([3]);
  });

  test("is asked at last when all others fail too", async () => {
    const a = scripted("a", (_, call) => (call === 0 ? [{ fails: "server" }] : ["a"]));
    const b = scripted("b", (_, call) => (call === 0 ? ["b"] : [{ fails: "network" }]));
    const model = fallback([a, b]);
    expect(textOf(await model.generate("hello"))).toBe("b");
    const { attempts, ...result } = await model.generate("hello");
    expect(textOf(result)).toBe("a");
    expect(attempts?.map(({ model, outcome }) => [model, outcome])).toEqual([
      ["b", "failed"],
      ["a", "finished"],
    ]);
  });

  test("but not before the time that its provider gave", async () => {
    const a = limited(30_000);
    const b = scripted("b", (_, call) => (call === 0 ? ["b"] : [{ fails: "network" }]));
    const model = fallback([a, b]);
    await model.generate("hello");
    await pass(10_000);
    const error = await failureOf(model.generate("hello"));
    expect(error).toMatchObject({ code: "network", retryAfter: undefined });
    expect(error.message).toContain("a is left alone for 20000 ms, as it asked");
    expect(calls(a, b)).toEqual([1, 2]);
  });

  test("is not left alone where there is no other", async () => {
    const a = limited(30_000);
    const model = fallback([a, { model: a, request: (request) => request }]);
    for (let call = 0; call < 3; call++) expect((await failureOf(model.generate("hello"))).code).toBe("rate-limit");
    expect(calls(a)).toEqual([6]);
  });
});

test("while all are left alone, each call asks the one that is free first, and no more if their providers said so", async () => {
  const [a, b] = [limited(60_000), limited(20_000, "b")];
  const model = fallback([a, b]);
  await failureOf(model.generate("hello"));
  await pass(1000);
  const notices: Notice[] = [];
  expect((await failureOf(model.generate({ ...message, notify: (notice) => notices.push(notice) }))).code).toBe(
    "rate-limit",
  );
  expect(calls(a, b)).toEqual([1, 2]);
  const skipped = notices.flatMap((notice) => (notice.type === "skipped" ? [notice.model.id] : []));
  expect(skipped).toEqual(["a"]);
});

describe("nothing is left alone", () => {
  test.each(["invalid-request", "content-filter", "context-length", "unsupported", "parse", "not-found"] as const)(
    "after %s, which may be of the request",
    async (code) => {
      const a = scripted("a", [{ fails: code }]);
      const model = fallback([a, up()], { when: { codes: [code] } });
      await model.generate("hello");
      await model.generate("hello");
      expect(calls(a)).toEqual([2]);
    },
  );

  test("that was called off, or had no time", async () => {
    const a = scripted("a", (_, call) => (call < 2 ? [{ wait: 1000 }] : ["a"]));
    const model = fallback([a, up()], { share: 1 });
    const controller = new AbortController();
    const answer = failureOf(model.generate({ ...message, signal: controller.signal }));
    await pass(1);
    controller.abort();
    expect((await answer).code).toBe("aborted");
    const late = failureOf(model.generate({ ...message, deadline: Date.now() + 10 }));
    await pass(10);
    expect((await late).code).toBe("timeout");
    expect(textOf(await model.generate("hello"))).toBe("a");
  });

  test("with `cooldown: false`", async () => {
    const a = down();
    const model = fallback([a, up()], { cooldown: false });
    await model.generate("hello");
    await model.generate("hello");
    expect(calls(a)).toEqual([2]);
  });
});

test("an answer that breaks off while it is read counts, too", async () => {
  const a = scripted("a", ["half", { fails: "network" }]);
  const b = up();
  const model = fallback([a, b]);
  expect((await failureOf((await model.stream("hello")).text())).code).toBe("network");
  expect(await (await model.stream("hello")).text()).toBe("b");
  expect(calls(a, b)).toEqual([1, 1]);
});

test("all calls that fail at once are one failure", async () => {
  const a = scripted("a", [{ wait: 10 }, { fails: "server" }]);
  const model = fallback([a, up()]);
  const answers = Array.from({ length: 20 }, () => model.generate("hello"));
  await pass(10);
  await Promise.all(answers);
  await pass(5000);
  const again = model.generate("hello");
  await pass(10);
  await again;
  expect(calls(a)).toEqual([21]);
});

test("two keys of one model are left alone by themselves, and one model with two requests is one", async () => {
  const one = scripted("m", [{ fails: "quota" }], { fingerprint: "m" });
  const two = scripted("m", ["two"], { fingerprint: "m" });
  const keys = fallback([one, two]);
  expect(textOf(await keys.generate("hello"))).toBe("two");
  expect(textOf(await keys.generate("hello"))).toBe("two");
  expect(calls(one, two)).toEqual([1, 2]);

  const again = fallback([one, { model: one, request: (request) => request }, two]);
  await again.generate("hello");
  await again.generate("hello");
  expect(calls(one, two)).toEqual([2, 4]);
});

test("one that is shared leaves a model alone everywhere", async () => {
  const shared = cooldown({ delay: 1000 });
  const a = down();
  await fallback([a, up()], { cooldown: shared }).generate("hello");
  await fallback([a, up("c")], { cooldown: shared }).generate("hello");
  expect(calls(a)).toEqual([1]);
});

test.each([{ delay: -1 }, { maxDelay: Number.NaN }])("refuses %o", (options) => {
  expect(() => cooldown(options)).toThrow(expect.objectContaining({ code: "invalid-request" }));
});

test("whatever happens: never longer than the most of the longest delay and what was asked for, and never after a later success", () => {
  const event = fc.oneof(
    fc.record({ after: fc.nat(20_000), fails: fc.option(fc.nat(100_000), { nil: 0 }) }),
    fc.record({ after: fc.nat(20_000), answers: fc.constant(true) }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20 }), (events) => {
      const cool = cooldown({ delay: 1000, maxDelay: 8000 });
      let until = 0; // no later than this
      let told = 0; // and no earlier
      for (const happening of events) {
        vi.advanceTimersByTime(happening.after);
        const now = performance.now();
        if ("fails" in happening) {
          const error = new ModelError("no", { code: "rate-limit", retryAfter: happening.fails });
          cool.failed("a", error, now);
          until = Math.max(until, now + Math.max(8000, happening.fails));
          told = Math.max(told, now + happening.fails);
        } else {
          cool.answered("a", now);
          until = told = 0;
        }
        const left = cool.of("a")?.left ?? 0;
        expect(now + left).toBeLessThanOrEqual(Math.max(until, now));
        expect(now + left).toBeGreaterThanOrEqual(told);
      }
    }),
  );
});
