import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as fc from "fast-check";
import { ModelError } from "@plugboard/core";
import type { ModelErrorCode, Notice } from "@plugboard/core";
import { pieces, testModel } from "../test-model.ts";
import { retryBudget } from "./retry-budget.ts";
import { retry } from "./retry.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }));
afterEach(() => void vi.useRealTimers());

const failing = (code: ModelErrorCode, more: { retryAfter?: number } = {}) =>
  testModel(() => {
    throw new ModelError(`It failed with ${code}.`, { code, ...more });
  });

/** Runs all timers until the promise settles, and gives the error that it rejects with. */
async function failure(promise: Promise<unknown>): Promise<ModelError> {
  const caught = promise.then(
    () => expect.unreachable(),
    (error: unknown) => error as ModelError,
  );
  await vi.runAllTimersAsync();
  return caught;
}

test("asks again until it works", async () => {
  const { model, requests } = testModel((_, call) => {
    if (call < 3) throw new ModelError("Busy.", { code: "overloaded" });
    return "third";
  });
  const result = model.with(retry()).generate("hello");
  await vi.runAllTimersAsync();
  expect((await result).content).toEqual([{ type: "text", text: "third" }]);
  expect(requests).toHaveLength(3);
  expect((await result).attempts?.map(({ outcome }) => outcome)).toEqual(["failed", "failed", "finished"]);
});

test("gives up after the attempts with the last failure, each attempt visible", async () => {
  const { model, requests } = failing("server");
  const error = await failure(model.with(retry({ attempts: 4 })).generate("hello"));
  expect(error).toMatchObject({ code: "server" });
  expect(error.attempts).toHaveLength(4);
  expect(requests).toHaveLength(4);
});

const codes: Record<ModelErrorCode, boolean> = {
  "rate-limit": true,
  overloaded: true,
  server: true,
  network: true,
  timeout: true,
  truncated: true,
  auth: false,
  permission: false,
  "not-found": false,
  "invalid-request": false,
  "context-length": false,
  "content-filter": false,
  quota: false,
  parse: false,
  budget: false,
  "circuit-open": false,
  aborted: false,
  unsupported: false,
  unknown: false,
};
test.each(Object.entries(codes))("%s is repeated: %s", async (code, repeated) => {
  const { model, requests } = failing(code as ModelErrorCode);
  await failure(model.with(retry({ attempts: 2 })).generate("hello"));
  expect(requests).toHaveLength(repeated ? 2 : 1);
});

test.each([
  ["a bug", new TypeError("x is not a function")],
  ["a failed fetch", new TypeError("fetch failed")],
  ["no error at all", "nonsense"],
])("does not repeat %s, which is no ModelError", async (_, thrown) => {
  const call = vi.fn<() => Promise<never>>().mockRejectedValue(thrown);
  const embed = retry()({ provider: "test", id: "embed", fingerprint: "test:embed", models: [], call });
  await expect(embed({})).rejects.toBeInstanceOf(Error);
  expect(call).toHaveBeenCalledTimes(1);
});

test("serves models that give no reply", async () => {
  const call = vi
    .fn<() => Promise<number[]>>()
    .mockRejectedValueOnce(new ModelError("Busy.", { code: "overloaded" }))
    .mockResolvedValue([1, 2]);
  const answer = retry()({ provider: "test", id: "embed", fingerprint: "test:embed", models: [], call })({});
  await vi.runAllTimersAsync();
  expect(await answer).toEqual([1, 2]);
});

describe("the wait", () => {
  test("is drawn from 0 to the doubled delay, 8 seconds at most", async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), async (drawn) => {
        const delays: number[] = [];
        const notify = (notice: Notice): void => void (notice.type === "retry" && delays.push(notice.delay));
        const { model } = failing("server");
        await failure(
          model
            .with(retry({ attempts: 7, random: () => drawn }))
            .generate({ messages: [{ role: "user", content: "hi" }], notify }),
        );
        expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 8000].map((most) => Math.round(most * drawn)));
      }),
      { numRuns: 20 },
    );
  });

  test("is never shorter than the provider asks for, and at most a tenth longer", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 20_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (retryAfter, drawn) => {
          const { model } = failing("rate-limit", { retryAfter });
          const began = Date.now();
          await failure(model.with(retry({ attempts: 2, random: () => drawn })).generate("hello"));
          const waited = Date.now() - began;
          expect(waited).toBeGreaterThanOrEqual(retryAfter);
          expect(waited).toBeLessThanOrEqual(Math.max(500, Math.ceil(retryAfter * 1.1)));
        },
      ),
      { numRuns: 30 },
    );
  });

  test("tells which attempt follows, when and why", async () => {
    const notices: Notice[] = [];
    const { model } = failing("server");
    const messages = [{ role: "user", content: "hello" }] as const;
    await failure(
      model.with(retry({ random: () => 0.5 })).generate({ messages, notify: (notice) => notices.push(notice) }),
    );
    const told = notices.filter(({ type }) => type === "retry");
    expect(told).toMatchObject([
      { attempt: 2, delay: 250, error: { code: "server" } },
      { attempt: 3, delay: 500, error: { code: "server" } },
    ]);
  });

  test("is not begun when it would pass the deadline: the failure comes at once, with what was asked for", async () => {
    const { model, requests } = failing("rate-limit", { retryAfter: 5000 });
    const began = Date.now();
    const messages = [{ role: "user", content: "hello" }] as const;
    const error = await failure(model.with(retry()).generate({ messages, deadline: began + 4000 }));
    expect(error).toMatchObject({ code: "rate-limit", retryAfter: 5000 });
    expect(Date.now()).toBe(began);
    expect(requests).toHaveLength(1);
  });

  test("is not begun for a provider that asks for more than a minute", async () => {
    const { model, requests } = failing("rate-limit", { retryAfter: 61_000 });
    const began = Date.now();
    await failure(model.with(retry({ maxRetryAfter: 60_000 })).generate("hello"));
    expect(Date.now()).toBe(began);
    expect(requests).toHaveLength(1);
  });

  test("ends at once when the call is called off, and leaves no listener", async () => {
    const { model, requests } = failing("rate-limit", { retryAfter: 30_000 });
    const stop = new AbortController();
    const call = model.with(retry()).generate({ messages: [{ role: "user", content: "hello" }], signal: stop.signal });
    const caught = call.catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(100);
    expect(getEventListeners(stop.signal, "abort")).toHaveLength(1);
    stop.abort("enough");
    expect(await caught).toMatchObject({ code: "aborted", cause: "enough" });
    expect(getEventListeners(stop.signal, "abort")).toHaveLength(0);
    expect(vi.getTimerCount()).toBe(0);
    expect(requests).toHaveLength(1);
  });

  test("of a thousand calls sharing one signal leaves no listener on it", async () => {
    const stop = new AbortController();
    const { model } = testModel((_, call) => {
      if (call % 2) throw new ModelError("Busy.", { code: "overloaded" });
      return "fine";
    });
    const retrying = model.with(retry({ budget: retryBudget({ tokens: 1e6 }) }));
    for (let call = 0; call < 1000; call++) {
      const result = retrying.generate({ messages: [{ role: "user", content: "hello" }], signal: stop.signal });
      await vi.runAllTimersAsync();
      await result;
    }
    expect(getEventListeners(stop.signal, "abort")).toHaveLength(0);
  });
});

test("an answer that breaks off after its first content is thrown to the reader, not repeated", async () => {
  const { model, requests } = testModel(() =>
    pieces(["one", "two"], async () => {
      throw new ModelError("Cut.", { code: "truncated" });
    }),
  );
  const reply = await model.with(retry()).stream("hello");
  await expect(reply.text()).rejects.toMatchObject({ code: "truncated", partial: { content: [{ text: "one" }] } });
  expect(requests).toHaveLength(1);
});

describe("the retry budget", () => {
  /** Upstream requests of so many calls, one after the other, that all fail. */
  async function outage(model: ReturnType<typeof testModel>["model"], calls: number): Promise<void> {
    for (let call = 0; call < calls; call++) await failure(model.generate("hello"));
  }

  test("keeps a lasting outage at 1.1 requests a call", async () => {
    const { model, requests } = failing("server");
    await outage(model.with(retry()), 10_000);
    expect(requests.length).toBeGreaterThan(10_000);
    expect(requests.length).toBeLessThanOrEqual(11_000);
  });

  test("keeps nested layers from multiplying, each with a budget of its own", async () => {
    const { model, requests } = failing("server");
    await outage(model.with(retry(), retry(), retry({ attempts: 5 })), 2000);
    expect(requests.length).toBeLessThanOrEqual(2200);
  });

  test("lets the innermost of nested layers do the work", async () => {
    const { model, requests } = failing("server");
    await failure(model.with(retry({ attempts: 7 }), retry({ attempts: 2 })).generate("hello"));
    expect(requests).toHaveLength(2);
  });

  test("charges a timeout twice as much", async () => {
    const spent = failing("timeout");
    await outage(spent.model.with(retry({ attempts: 100 })), 1);
    expect(spent.requests).toHaveLength(1 + 10);
    const other = failing("server");
    await outage(other.model.with(retry({ attempts: 100 })), 1);
    expect(other.requests).toHaveLength(1 + 20);
  });

  test("is earned back by successes", async () => {
    let broken = true;
    const { model, requests } = testModel(() => {
      if (broken) throw new ModelError("Down.", { code: "server" });
      return "up";
    });
    const retrying = model.with(retry({ attempts: 2 }));
    await outage(retrying, 30);
    expect(requests).toHaveLength(30 + 20);
    broken = false;
    for (let call = 0; call < 10; call++) await retrying.generate("hello");
    broken = true;
    requests.length = 0;
    await outage(retrying, 5);
    expect(requests).toHaveLength(5 + 2);
  });

  test("that fails pays for nothing, and costs no answer", async () => {
    const oops = (): never => {
      throw new Error("oops");
    };
    const faults: unknown[] = [];
    const notify = (notice: Notice): void => void (notice.type === "fault" && faults.push(notice.error));
    const request = { messages: [{ role: "user", content: "hello" }], notify } as const;
    const broken = retry({ budget: { spend: oops, earn: oops } });
    const { model, requests } = failing("server");
    expect(await failure(model.with(broken).generate(request))).toMatchObject({ code: "server" });
    expect(requests).toHaveLength(1);
    expect(
      await testModel(() => "fine")
        .model.with(broken)
        .generate(request),
    ).toMatchObject({ finishReason: "stop" });
    expect(faults).toEqual([
      expect.objectContaining({ message: "oops" }),
      expect.objectContaining({ message: "oops" }),
    ]);
  });

  test("is each model's own, and shared where it is passed", async () => {
    const budget = retryBudget({ tokens: 5 });
    const [one, same, other] = [
      failing("server"),
      failing("server"),
      testModel(() => Promise.reject(new ModelError("no", { code: "server" })), { id: "other" }),
    ];
    for (const { model } of [one, same, other]) await failure(model.with(retry({ budget })).generate("hello"));
    expect([one, same, other].map(({ requests }) => requests.length)).toEqual([2, 1, 2]);
  });
});

test.each([
  [{ attempts: 0 }, "attempts"],
  [{ attempts: Number.NaN }, "attempts"],
  [{ attempts: 1.5 }, "attempts"],
  [{ delay: -1 }, "delay"],
  [{ maxRetryAfter: Infinity }, "maxRetryAfter"],
])("refuses %o by name", (options, name) => {
  expect(() => retry(options)).toThrow(
    expect.objectContaining({ code: "invalid-request", message: expect.stringContaining(`\`${name}\``) }),
  );
});
