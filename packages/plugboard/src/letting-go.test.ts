import { getEventListeners } from "node:events";
import { ModelError } from "@plugboard/core";
import type { ModelRequest, PriceLookup } from "@plugboard/core";
import { scriptedAs } from "@plugboard/testing";
import type { ScriptedAnswer, ScriptedModel, ScriptedStep } from "@plugboard/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  balance,
  budget,
  cache,
  circuitBreaker,
  concurrency,
  cost,
  fallback,
  guard,
  hedge,
  keyPattern,
} from "./index.ts";
import { observe, rateLimit, redact, retry, retryBudget, singleFlight, timeout } from "./index.ts";
import type { Model } from "./index.ts";

/** Warnings of the runtime, and rejections that nobody heard of. */
let told: string[] = [];
const onWarning = ({ name }: Error): void => void told.push(name);
const onRejection = (reason: unknown): void => void told.push(`unhandled: ${String(reason)}`);

beforeEach(() => {
  told = [];
  process.on("warning", onWarning);
  process.on("unhandledRejection", onRejection);
});
afterEach(() => {
  process.off("warning", onWarning);
  process.off("unhandledRejection", onRejection);
});

const price: PriceLookup = ({ input = 0, output = 0 }) => ({ cost: { total: input + output } });
const limits = () => ({ context: 1000, output: 100 });

/** Every layer and every way to put models together that there is, in front of one model. */
function chained(leaf: ScriptedModel): Model {
  const watch = observe();
  watch.events.on("end", () => {});
  const inner = leaf.with(
    circuitBreaker({ calls: 1e6 }),
    rateLimit({ limit: { requests: 1e6, tokens: 1e9 } }),
    redact(),
    timeout({ first: 60_000, idle: 60_000 }),
  );
  return fallback([balance([hedge([inner], { delay: 50_000 })], { eject: false }), other], {
    continueMidStream: true,
    cooldown: false,
  }).with(
    watch,
    guard({ output: [keyPattern, { find: "hunter2", replace: "…" }] }),
    cache(),
    singleFlight(),
    cost(price, { count: () => ({ tokens: 1, bound: "exact" }) }),
    budget({ limit: 1e12, price, limits }),
    timeout({ total: 600_000, attempt: 60_000 }),
    concurrency({ limit: 1e6 }),
    retry({ random: () => 0, budget: retryBudget({ tokens: 1e6 }) }),
  );
}

let asked = 0;
/** A question that nobody has asked before, with something to hide. */
const ask = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [{ role: "user", content: `question ${++asked} of ada@example.com` }],
  ...more,
});

const answers: readonly ScriptedAnswer[] = [
  ["one ", "two"],
  { error: "overloaded" },
  ["one ", { error: "truncated" }],
  { error: "auth" },
  [{ toolCall: { name: "look", input: { to: "<EMAIL_1>" } } }],
];

const count = { count: () => ({ tokens: 1, bound: "exact" as const }) };
const other = scriptedAs({ id: "other" }, { error: "auth" });
/** Each layer and combinator by itself, since one that gives those inside a signal of its own hides the caller's from them. */
const each: Readonly<Record<string, (leaf: ScriptedModel) => Model>> = {
  balance: (leaf) => balance([leaf, other], { eject: false, by: () => (candidates) => candidates[0]! }),
  budget: (leaf) => leaf.with(budget({ limit: 1e12, price, limits })),
  cache: (leaf) => leaf.with(cache()),
  circuitBreaker: (leaf) => leaf.with(circuitBreaker({ calls: 1e6 })),
  concurrency: (leaf) => leaf.with(concurrency({ limit: 7 })),
  cost: (leaf) => leaf.with(cost(price, count)),
  fallback: (leaf) => fallback([leaf, other], { cooldown: false }),
  "fallback that goes on": (leaf) => fallback([leaf, other], { cooldown: false, continueMidStream: true }),
  "fallback that judges": (leaf) => fallback([leaf, other], { cooldown: false, when: { finishReasons: ["length"] } }),
  guard: (leaf) => leaf.with(guard({ output: [keyPattern, () => true] })),
  hedge: (leaf) => hedge([leaf, other], { delay: 1, share: 1 }),
  observe: (leaf) => leaf.with(observe()),
  rateLimit: (leaf) => leaf.with(rateLimit({ limit: { requests: 50, window: 50 } })),
  redact: (leaf) => leaf.with(redact()),
  retry: (leaf) => leaf.with(retry({ random: () => 0, budget: retryBudget({ tokens: 1e6 }) })),
  singleFlight: (leaf) => leaf.with(singleFlight()),
  timeout: (leaf) => leaf.with(timeout({ total: 600_000, attempt: 60_000, first: 60_000, idle: 60_000 })),
};

test.each(Object.keys(each))("calls at once that share a signal leave no listener on it: %s", async (name) => {
  const stop = new AbortController();
  const leaf = scriptedAs({ id: "leaf" }, (_, call) => {
    const answer = [answers[call % answers.length]!].flat() as readonly ScriptedStep[];
    return call % 2 ? [{ wait: 2 }, ...answer] : answer;
  });
  const model = each[name]!(leaf);
  await Promise.all(Array.from({ length: 200 }, (_, call) => run(model, call, stop.signal)));
  await vi.waitFor(() => expect(leaf.open).toBe(0));
  expect(leaf.requests.length).toBeGreaterThanOrEqual(200);
  expect(getEventListeners(stop.signal, "abort")).toEqual([]);
  expect(told).toEqual([]);
});

/** Asks for all of it, reads a stream, or leaves one; says how that ended. */
async function run(model: Model, call: number, signal: AbortSignal): Promise<string> {
  const request = ask({ signal, deadline: Date.now() + 60_000 });
  try {
    if (call % 3 === 0) return (await model.generate(request)).finishReason;
    const reply = await model.stream(request);
    if (call % 3 === 1) return (await reply.result()).finishReason;
    for await (const event of reply) if (event.type === "text-delta") break;
    return "left";
  } catch (error) {
    return error instanceof ModelError ? error.code : String(error);
  }
}

test("a thousand calls at once that share a signal, through every layer, leave no listener on it, however they end", async () => {
  const stop = new AbortController();
  const added = vi.spyOn(stop.signal, "addEventListener");
  const leaf = scriptedAs(
    { id: "leaf" },
    (_, call) => [answers[call % answers.length]!].flat() as readonly ScriptedStep[],
  );
  const model = chained(leaf);
  const ends = new Map<string, number>();
  const all = Array.from({ length: 1000 }, (_, call) => run(model, call, stop.signal));
  for (const end of await Promise.all(all)) ends.set(end, (ends.get(end) ?? 0) + 1);
  expect([...ends.keys()]).toEqual(expect.arrayContaining(["stop", "left", "tool-calls", "truncated", "auth"]));
  await vi.waitFor(() => expect(leaf.open).toBe(0));
  expect(added.mock.calls.length).toBeGreaterThanOrEqual(1000);
  expect(getEventListeners(stop.signal, "abort")).toEqual([]);
  expect(told).toEqual([]);
});

test("called off at once, calls through every layer end within a second, close what they opened, and leave nothing", async () => {
  const stop = new AbortController();
  const leaf = scriptedAs({ id: "leaf" }, ["one", { hang: true }], { hang: true });
  const model = chained(leaf);
  const all = Array.from({ length: 200 }, async (_, call) => {
    const request = ask({ signal: stop.signal });
    if (call % 2) return model.generate(request);
    return (await model.stream(request)).result();
  });
  const ends = Promise.allSettled(all);
  await vi.waitFor(() => expect(leaf.open).toBe(200), { timeout: 10_000 });
  const began = performance.now();
  stop.abort();
  for (const end of await ends) expect(end).toMatchObject({ status: "rejected", reason: { code: "aborted" } });
  await vi.waitFor(() => expect(leaf.open).toBe(0));
  expect(performance.now() - began).toBeLessThan(1000);
  expect(getEventListeners(stop.signal, "abort")).toEqual([]);
  expect(told).toEqual([]);
});

test("an answer that nobody reads, or that is dropped half way, is closed when it is collected", async () => {
  const leaf = scriptedAs({ id: "leaf" }, ["one ", "two ", { hang: true }]);
  const model = chained(leaf);
  const { signal } = new AbortController();
  async function drop(call: number): Promise<void> {
    const reply = await model.stream(ask({ signal }));
    if (call % 2) for (let reads = 0; reads < 3; reads++) await reply.next();
  }
  for (let call = 0; call < 40; call++) await drop(call);
  expect(leaf.requests).toHaveLength(40);
  await vi.waitUntil(
    () => {
      globalThis.gc!();
      return leaf.open < 4;
    },
    { timeout: 10_000, interval: 10 },
  );
  expect(told).toEqual([]);
});

test("an answer that fails while nobody reads it makes no noise", async () => {
  const leaf = scriptedAs({ id: "leaf" }, ["one ", { wait: 5 }, { error: "network" }]);
  const model = chained(leaf);
  const replies = await Promise.all(Array.from({ length: 20 }, () => model.stream(ask())));
  // Read a little, and then not any more: the failure waits for a reader.
  for (const reply of replies.slice(10)) await reply.next();
  await new Promise((resolve) => {
    setTimeout(resolve, 40);
  });
  expect(told).toEqual([]);
  for (const reply of replies) await expect(reply.result()).rejects.toMatchObject({ code: "network" });
  expect(leaf.open).toBe(0);
});
