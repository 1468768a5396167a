import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as fc from "fast-check";
import { ModelError } from "@plugboard/core";
import type { Model, ModelRequest, Notice } from "@plugboard/core";
import { circuitBreaker } from "../circuit-breaker/circuit-breaker.ts";
import { deferred, pieces, testModel } from "../test-model.ts";
import { concurrency } from "./concurrency.ts";
import type { ConcurrencyOptions } from "./concurrency.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

const ask = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [{ role: "user", content: "hello" }],
  ...more,
});
const named = (name: string, more: Partial<ModelRequest> = {}): ModelRequest => ask({ tags: { name }, ...more });

/** A model whose answers come when told to, the order in which calls reached it, and how many were under way at most. */
function gated(options: ConcurrencyOptions): {
  model: Model;
  order: string[];
  next: () => Promise<void>;
  most: () => number;
} {
  const gates: (() => void)[] = [];
  const order: string[] = [];
  let live = 0;
  let most = 0;
  const { model } = testModel(async ({ tags }) => {
    order.push(tags?.["name"] ?? "");
    most = Math.max(most, ++live);
    const gate = deferred();
    gates.push(gate.resolve);
    await gate.promise;
    live--;
    return "fine";
  });
  return {
    model: model.with(concurrency(options)),
    order,
    most: () => most,
    async next() {
      gates.shift()?.();
      await vi.advanceTimersByTimeAsync(0);
    },
  };
}

/** The code of the failure, or "fine". */
async function outcome(model: Model, request: ModelRequest): Promise<string> {
  return model.generate(request).then(
    () => "fine",
    (error: unknown) => (error as ModelError).code,
  );
}

test("lets so many through at once, and the others in the order in which they came", async () => {
  const { model, order, next, most } = gated({ limit: 3 });
  const calls = Array.from("abcdefghij", (name) => outcome(model, named(name)));
  for (let call = 0; call < 10; call++) await next();
  expect(await Promise.all(calls)).toEqual(Array(10).fill("fine"));
  expect(order.join("")).toBe("abcdefghij");
  expect(most()).toBe(3);
});

test("lets higher priorities go first, and is fair within each", async () => {
  const priority: ConcurrencyOptions["priority"] = ({ tags }) => Number(tags?.["name"]?.[0]);
  const { model, order, next } = gated({ limit: 1, priority });
  const names = ["1a", "1b", "3a", "2a", "3b", "1c", "2b"];
  const calls = names.map((name) => outcome(model, named(name)));
  for (const _ of names) await next();
  await Promise.all(calls);
  expect(order).toEqual(["1a", "3a", "3b", "2a", "2b", "1b", "1c"]);
});

test("keeps the slot of a stream until its answer has ended, in whichever way", async () => {
  const { model, requests } = testModel((_, call) =>
    call === 3
      ? pieces(["one", "two"], async () => Promise.reject(new ModelError("Cut.", { code: "truncated" })))
      : pieces(["one", "two"]),
  );
  const limited = model.with(concurrency({ limit: 1 }));
  const first = await limited.stream(ask());
  const second = limited.stream(ask());
  await vi.advanceTimersByTimeAsync(60_000);
  expect(requests).toHaveLength(1);
  await first.text();
  const reply = await second;
  const third = limited.stream(ask());
  await vi.advanceTimersByTimeAsync(0);
  expect(requests).toHaveLength(2);
  await reply.return();
  await expect((await third).text()).rejects.toMatchObject({ code: "truncated" });
  expect(await outcome(limited, ask())).toBe("fine");
});

test("gives the slot back when the call fails, and serves models that give no reply", async () => {
  const call = vi
    .fn<() => Promise<number[]>>()
    .mockRejectedValueOnce(new ModelError("Busy.", { code: "overloaded" }))
    .mockResolvedValue([1]);
  const limit = concurrency({ limit: 1, queue: 0 });
  const embed = limit({ provider: "test", id: "embed", fingerprint: "test:embed", models: [], call });
  await expect(embed({})).rejects.toMatchObject({ code: "overloaded" });
  expect(await embed({})).toEqual([1]);
  expect(await embed({})).toEqual([1]);
});

test("is one limit for all the models that it stands in front of", async () => {
  const limit = concurrency({ limit: 1 });
  const gate = deferred();
  const a = testModel(() => gate.promise.then(() => "a")).model.with(limit);
  const b = testModel(() => "b");
  const calls = [outcome(a, ask()), outcome(b.model.with(limit), ask())];
  await vi.advanceTimersByTimeAsync(0);
  expect(b.requests).toHaveLength(0);
  gate.resolve();
  expect(await Promise.all(calls)).toEqual(["fine", "fine"]);
});

describe("the queue", () => {
  test("is left at once by a call that is called off, and nothing stays on its signal", async () => {
    const { model, order, next } = gated({ limit: 1 });
    const stop = new AbortController();
    const first = outcome(model, named("a"));
    const second = outcome(model, named("b", { signal: stop.signal }));
    const third = outcome(model, named("c"));
    await vi.advanceTimersByTimeAsync(0);
    stop.abort();
    expect(await second).toBe("aborted");
    expect(getEventListeners(stop.signal, "abort")).toHaveLength(0);
    await next();
    await next();
    expect([await first, await third]).toEqual(["fine", "fine"]);
    expect(order).toEqual(["a", "c"]);
    const over = outcome(model, named("d", { signal: stop.signal }));
    expect(await over).toBe("aborted");
  });

  test("turns away who finds it full", async () => {
    const { model, next } = gated({ limit: 1, queue: 2 });
    const calls = Array.from("abcd", (name) => outcome(model, named(name)));
    const error = await model.generate(ask()).catch((error: unknown) => error as ModelError);
    expect(error).toMatchObject({ code: "rate-limit", status: undefined, message: expect.stringContaining("2 more") });
    for (let call = 0; call < 3; call++) await next();
    expect(await Promise.all(calls)).toEqual(["fine", "fine", "fine", "rate-limit"]);
  });

  test("gives the last place in it to a call of higher priority", async () => {
    const priority: ConcurrencyOptions["priority"] = ({ tags }) => Number(tags?.["name"]?.[0]);
    const { model, next, order } = gated({ limit: 1, queue: 2, priority });
    const calls = ["1a", "1b", "1c", "2a", "1d"].map((name) => outcome(model, named(name)));
    for (let call = 0; call < 3; call++) await next();
    expect(await Promise.all(calls)).toEqual(["fine", "fine", "rate-limit", "fine", "rate-limit"]);
    expect(order).toEqual(["1a", "2a", "1b"]);
  });

  test("keeps nobody beyond their deadline, or the time to wait", async () => {
    const { model, next } = gated({ limit: 1, wait: 5000 });
    const first = outcome(model, named("a"));
    const hasty = outcome(model, named("b", { deadline: Date.now() + 1000 }));
    const other = outcome(model, named("c"));
    const late = outcome(model, named("d", { deadline: Date.now() }));
    expect(await late).toBe("rate-limit");
    await vi.advanceTimersByTimeAsync(1000);
    expect(await hasty).toBe("rate-limit");
    await vi.advanceTimersByTimeAsync(4000);
    expect(await other).toBe("rate-limit");
    await next();
    expect(await first).toBe("fine");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("tells who waits, and for how long they did", async () => {
    const told: unknown[] = [];
    const notify = ({ type, ...notice }: Notice): void => void (type === "limit" && told.push(notice));
    const { model, next } = gated({ limit: 1, wait: 5000 });
    const calls = Array.from("abc", (name) => outcome(model, named(name, { notify })));
    await vi.advanceTimersByTimeAsync(300);
    await next();
    await vi.advanceTimersByTimeAsync(4700);
    await next();
    await Promise.all(calls);
    expect(told).toEqual([
      { step: "waiting", by: "concurrency", waited: 0 },
      { step: "waiting", by: "concurrency", waited: 0 },
      { step: "admitted", by: "concurrency", waited: 300 },
      { step: "refused", by: "concurrency", waited: 5000 },
    ]);
  });

  test("waits on, behind no one, where `priority` fails, and tells of it", async () => {
    const faults: unknown[] = [];
    const notify = (notice: Notice): void => void (notice.type === "fault" && faults.push(notice.error));
    const { model, next } = gated({ limit: 1, priority: () => Number.NaN });
    const calls = [outcome(model, ask({ notify })), outcome(model, ask({ notify }))];
    await next();
    await next();
    expect(await Promise.all(calls)).toEqual(["fine", "fine"]);
    expect(faults).toEqual([expect.objectContaining({ message: expect.stringContaining("`priority`") })]);
  });
});

test("is not counted by a circuit breaker, however long calls wait for nothing", async () => {
  const { model } = testModel(() => pieces(["one", "two"]));
  const limited = model.with(circuitBreaker({ calls: 3 }), concurrency({ limit: 1, queue: 20 }));
  const held = await limited.stream(ask());
  const calls = Array.from({ length: 30 }, () => outcome(limited, ask({ deadline: Date.now() + 20_000 })));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await Promise.all(calls)).toEqual(Array(30).fill("rate-limit"));
  await held.text();
  expect(await outcome(limited, ask())).toBe("fine");
});

test("never lets more through than the limit, never leaves one waiting that could go, whatever comes in which order", async () => {
  const step = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ does: fc.constant("call" as const), priority: fc.nat(2), patience: fc.nat(200) }),
    },
    { weight: 2, arbitrary: fc.record({ does: fc.constant("end" as const), which: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant("abort" as const), which: fc.nat(30) }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant("wait" as const), time: fc.nat(100) }) },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(6),
      async (steps, limit, queue) => {
        const open: (() => void)[] = [];
        const stops: AbortController[] = [];
        const answers: Promise<string>[] = [];
        const wrong: string[] = [];
        let unsettled = 0;
        const { model } = testModel(async (request) => {
          const gate = deferred();
          const free = (): void => {
            open.splice(open.indexOf(free), 1);
            gate.resolve();
          };
          open.push(free);
          request.signal!.addEventListener("abort", free);
          if (open.length > limit) wrong.push(`${open.length} at once`);
          await gate.promise;
          return "fine";
        });
        const priority: ConcurrencyOptions["priority"] = ({ tags }) => Number(tags?.["name"]);
        const limited = model.with(concurrency({ limit, queue, priority }));
        for (const one of steps) {
          if (one.does === "wait") await vi.advanceTimersByTimeAsync(one.time);
          else if (one.does === "end") open[one.which % Math.max(1, open.length)]?.();
          else if (one.does === "abort") stops[one.which % Math.max(1, stops.length)]?.abort();
          else {
            const stop = new AbortController();
            stops.push(stop);
            const { signal } = stop;
            const request = named(String(one.priority), { signal, deadline: Date.now() + 50 + one.patience });
            unsettled++;
            answers.push(outcome(limited, request).finally(() => unsettled--));
          }
          await vi.advanceTimersByTimeAsync(0);
          const waiting = unsettled - open.length;
          if (waiting > queue) wrong.push(`${waiting} in a queue of ${queue}`);
          if (waiting > 0 && open.length < limit) wrong.push(`${waiting} wait though ${limit - open.length} could go`);
        }
        while (open.length > 0) {
          open[0]!();
          await vi.advanceTimersByTimeAsync(0);
        }
        await Promise.all(answers);
        expect(wrong).toEqual([]);
        // All slots are back.
        const last = Array.from({ length: limit }, () => outcome(limited, ask()));
        await vi.advanceTimersByTimeAsync(0);
        expect(open).toHaveLength(limit);
        while (open.length > 0) open[0]!();
        expect(await Promise.all(last)).toEqual(Array(limit).fill("fine"));
        expect(vi.getTimerCount()).toBe(0);
      },
    ),
    { numRuns: 100 },
  );
});

test.each([
  [{ limit: 0 }, "limit"],
  [{ limit: 1.5 }, "limit"],
  [{ limit: 1, queue: -1 }, "queue"],
  [{ limit: 1, wait: Number.NaN }, "wait"],
])("refuses %o by name", (options, name) => {
  expect(() => concurrency(options)).toThrow(
    expect.objectContaining({ code: "invalid-request", message: expect.stringContaining(`\`${name}\``) }),
  );
});
