import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as fc from "fast-check";
import { ModelError } from "@plugboard/core";
import type { CacheStore, LeaseStore, Model, ModelRequest, Notice } from "@plugboard/core";
import { cache } from "../cache/cache.ts";
import { memoryCache } from "../memory-cache/memory-cache.ts";
import { memoryLeases } from "../memory-leases/memory-leases.ts";
import { pieces, testModel } from "../test-model.ts";
import type { Script } from "../test-model.ts";
import { singleFlight } from "./single-flight.ts";

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

const request: ModelRequest = { messages: [{ role: "user", content: "hello" }] };

/** Two layers over the same stores stand for two processes: nothing else is shared. */
function processes(
  kind: "cache" | "singleFlight",
  script: (call: number) => Script | Promise<Script>,
  {
    leases = memoryLeases(),
    store = memoryCache(),
    ...more
  }: { leases?: LeaseStore; store?: CacheStore; lease?: number; wait?: number } = {},
): { readonly one: Model; readonly other: Model; readonly calls: () => number } {
  const { model, requests } = testModel((_, call) => script(call));
  const layer = () =>
    kind === "cache" ? cache({ store, leases, ...more }) : singleFlight({ across: { store, leases, ...more } });
  return { one: model.with(layer()), other: model.with(layer()), calls: () => requests.length };
}

const after = <Value>(delay: number, value: Value): Promise<Value> =>
  new Promise((resolve) => setTimeout(resolve, delay, value));
const code = (error: unknown): string => (error as ModelError).code;

describe.each(["cache", "singleFlight"] as const)("calls of two processes with %s", (kind) => {
  test("are one, for longer than a lease lasts, since it is renewed", async () => {
    const { one, other, calls } = processes(kind, () => after(50_000, "slow"), { lease: 1000 });
    const both = Promise.all([one.generate(request), other.generate(request)]);
    await vi.runAllTimersAsync();
    const results = await both;
    expect(results.map(({ content }) => content)).toEqual([1, 2].map(() => [{ type: "text", text: "slow" }]));
    expect(results.reduce((sum, { attempts }) => sum + attempts!.length, 0)).toBe(1);
    expect(calls()).toBe(1);
  });

  test("wait for so long, and then make the call all the same", async () => {
    const { one, other, calls } = processes(kind, () => after(10_000, "slow"), { wait: 3000 });
    const both = [one, other].map((model) => model.generate(request).then(() => Date.now()));
    await vi.runAllTimersAsync();
    expect(await Promise.all(both)).toEqual([10_000, 13_000]);
    expect(calls()).toBe(2);
  });

  test("are made one after the other while they fail", async () => {
    const { one, other, calls } = processes(kind, async (call) => {
      await after(1000, undefined);
      if (call === 1) throw new ModelError("Down.", { code: "server" });
      return "hi";
    });
    const both = Promise.allSettled([one.generate(request), other.generate(request)]);
    await vi.runAllTimersAsync();
    expect((await both).map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    expect(calls()).toBe(2);
  });

  test("are made without a turn when the leases fail or hang, and say so", async () => {
    const lost = (): Promise<never> => Promise.reject(new Error("Down."));
    const hang = (): Promise<never> => new Promise(() => {});
    for (const [verb, time] of [
      [lost, 0],
      [hang, 50],
    ] as const) {
      const leases = { acquire: verb, renew: verb, release: verb, wait: verb };
      const { one, other, calls } = processes(kind, () => "hi", { leases });
      const faults: Notice[] = [];
      const began = Date.now();
      const both = [one, other].map((model) =>
        model
          .generate({ ...request, notify: (notice) => void (notice.type === "fault" && faults.push(notice)) })
          .then(() => Date.now() - began),
      );
      await vi.advanceTimersByTimeAsync(1000);
      expect(await Promise.all(both)).toEqual([time, time]);
      expect(faults).toHaveLength(2);
      expect(calls()).toBe(2);
    }
  });

  test("are made without a turn when waiting fails", async () => {
    const memory = memoryLeases();
    const leases: LeaseStore = { ...memory, wait: () => Promise.reject(new Error("Down.")) };
    const { one, other, calls } = processes(kind, () => after(1000, "hi"), { leases });
    const both = Promise.all([one.generate(request), other.generate(request)]);
    await vi.runAllTimersAsync();
    expect((await both).map(({ finishReason }) => finishReason)).toEqual(["stop", "stop"]);
    expect(calls()).toBe(2);
  });

  test("leave one by one while they wait", async () => {
    const { one, other, calls } = processes(kind, () => after(1000, "hi"));
    const first = one.generate(request);
    const stop = new AbortController();
    const left = other.generate({ ...request, signal: stop.signal }).catch(code);
    const late = other.generate({ ...request, deadline: 500 }).catch((error: unknown) => [code(error), Date.now()]);
    const stays = other.generate(request);
    await vi.advanceTimersByTimeAsync(100);
    stop.abort();
    expect(await left).toBe("aborted");
    await vi.runAllTimersAsync();
    expect(await late).toEqual(["timeout", 500]);
    expect((await stays).content).toEqual((await first).content);
    expect(calls()).toBe(1);
  });

  test("leave no lease and no timer behind, however they end", async () => {
    const leases = memoryLeases();
    const held = new Set<number>();
    const counted: LeaseStore = {
      ...leases,
      async acquire(key, ttl) {
        const lease = await leases.acquire(key, ttl);
        if (lease) held.add(lease.token);
        return lease;
      },
      async release(lease) {
        held.delete(lease.token);
        return leases.release(lease);
      },
    };
    const { one } = processes(
      kind,
      async (call) => {
        if (call === 1) throw new ModelError("Down.", { code: "server" });
        if (call === 2) return pieces(["a", "b"], () => Promise.reject(new ModelError("Cut.", { code: "truncated" })));
        if (call === 3) return { finishReason: "length" };
        return pieces(["a", "b"], () => after(10, undefined));
      },
      { leases: counted },
    );
    const ended = (async () => {
      await one.generate(request).catch(() => {});
      await (await one.stream(request)).text().catch(() => {});
      await one.generate(request);
      for await (const event of await one.stream(request)) if (event.type === "text-delta") break;
      await (await one.stream(request)).text();
    })();
    await vi.runAllTimersAsync();
    await ended;
    await vi.runAllTimersAsync();
    expect(held.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("whatever fails, ends or is left when: one call at a time, one more for each that is lost, and nobody hangs", async () => {
    const caller = fc.record({
      place: fc.boolean(),
      at: fc.nat(300),
      stream: fc.boolean(),
      leaves: fc.option(fc.nat(300)),
    });
    const outcome = fc.constantFrom("good", "fails", "cut");
    await fc.assert(
      fc.asyncProperty(
        fc.array(caller, { minLength: 1, maxLength: 8 }),
        fc.array(outcome, { maxLength: 4 }),
        async (callers, outcomes) => {
          let live = 0;
          let most = 0;
          let lost = 0;
          const { model, requests } = testModel(async ({ signal }, call) => {
            most = Math.max(most, ++live);
            const kindOfEnd = outcomes[call - 1] ?? "good";
            let over = false;
            const end = (isLost: boolean): void => {
              if (over) return;
              over = true;
              live--;
              if (isLost) lost++;
            };
            signal!.addEventListener("abort", () => end(true), { once: true });
            await after(100, undefined);
            if (kindOfEnd === "fails") {
              end(true);
              throw new ModelError("Down.", { code: "server" });
            }
            return (async function* () {
              yield "one ";
              await after(100, undefined);
              if (kindOfEnd === "cut") {
                end(true);
                throw new ModelError("Cut.", { code: "truncated" });
              }
              yield "two";
              end(false);
              yield { finishReason: "stop", usage: {} };
            })();
          });
          const [store, leases] = [memoryCache(), memoryLeases()];
          const layer = () =>
            kind === "cache" ? cache({ store, leases }) : singleFlight({ across: { store, leases } });
          const places = [model.with(layer()), model.with(layer())];
          const asked = callers.map(async ({ place, at, stream, leaves }) => {
            await after(at, undefined);
            const stop = new AbortController();
            if (leaves !== null) setTimeout(() => stop.abort(), leaves);
            const asked = { ...request, signal: stop.signal };
            const shared = places[place ? 1 : 0]!;
            try {
              return stream ? await (await shared.stream(asked)).text() : textIn(await shared.generate(asked));
            } catch (error) {
              return code(error);
            }
          });
          await vi.runAllTimersAsync();
          const said = await Promise.all(asked);
          for (const [place, text] of said.entries()) {
            const may = ["one two", "server", "truncated", ...(callers[place]!.leaves === null ? [] : ["aborted"])];
            expect(may).toContain(text);
          }
          expect(most).toBeLessThanOrEqual(1);
          expect(live).toBe(0);
          // Without a cache, who comes after the end of a call makes another.
          expect(requests.length).toBeLessThanOrEqual(kind === "cache" ? 1 + lost : callers.length);
        },
      ),
      { numRuns: 60 },
    );
  });
});

function textIn({
  content,
}: {
  readonly content: readonly { readonly type: string; readonly text?: string }[];
}): string {
  return content.map(({ text = "" }) => text).join("");
}

test("an answer that is handed over is no entry of a cache, and is gone after a while", async () => {
  const store = memoryCache({ clock: () => Date.now() });
  const { one, other, calls } = processes("singleFlight", () => "hi", { store });
  await one.generate(request);
  await other.generate(request);
  expect(calls()).toBe(2);
});

test("who is next does not find the answer to an earlier call when the one they waited for fails", async () => {
  const { one, other, calls } = processes("singleFlight", async (call) => {
    await after(100, undefined);
    if (call === 2) throw new ModelError("Down.", { code: "server" });
    return `answer ${call}`;
  });
  const ended = (async () => {
    await one.generate(request);
    const failing = one.generate(request).catch(code);
    const next = other.generate(request);
    return [await failing, textIn(await next)];
  })();
  await vi.runAllTimersAsync();
  expect(await ended).toEqual(["server", "answer 3"]);
  expect(calls()).toBe(3);
});

test("a process that has lost its turn does not write over the answer of its successor", async () => {
  const store = memoryCache();
  const memory = memoryLeases();
  const leases: LeaseStore = { ...memory, renew: async () => false };
  const sets: string[] = [];
  const watched: CacheStore = { ...store, set: (key, value, ttl) => (sets.push(value), store.set(key, value, ttl)) };
  const { one, other, calls } = processes("cache", (call) => after(call === 1 ? 5000 : 200, `answer ${call}`), {
    store: watched,
    leases,
    lease: 900,
  });
  const both = Promise.all([one.generate(request), other.generate(request)]);
  await vi.runAllTimersAsync();
  expect((await both).map(textIn)).toEqual(["answer 1", "answer 2"]);
  expect(calls()).toBe(2);
  expect(sets).toHaveLength(1);
  expect(sets[0]).toContain("answer 2");
});

test("an answer that came between the look into the cache and the turn is taken, and the turn given back", async () => {
  const [memory, leases] = [memoryCache(), memoryLeases()];
  const { one, other, calls } = processes("cache", () => "hi", { store: memory, leases });
  let late = true;
  const behind: CacheStore = {
    ...memory,
    async get(key) {
      if (!late) return memory.get(key);
      late = false;
      await one.generate(request);
      return undefined; // what was there when it was asked
    },
  };
  const { model, requests } = testModel(() => "again");
  const result = await model.with(cache({ store: behind, leases })).generate(request);
  expect([textIn(result), result.cached, requests.length]).toEqual(["hi", true, 0]);
  await other.generate(request);
  expect(calls()).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

test("a turn that has ended is renewed no more", async () => {
  const memory = memoryLeases();
  let renewals = 0;
  const leases: LeaseStore = { ...memory, renew: (lease, ttl) => (renewals++, memory.renew(lease, ttl)) };
  const { one } = processes("singleFlight", () => "hi", { leases });
  await one.generate(request);
  expect(vi.getTimerCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(renewals).toBe(0);
});
