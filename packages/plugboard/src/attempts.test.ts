import { ModelError } from "@plugboard/core";
import type { PriceLookup, TokenCounter } from "@plugboard/core";
import { scriptedAs } from "@plugboard/testing";
import type { ScriptedModel, ScriptedStep } from "@plugboard/testing";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  balance,
  budget,
  circuitBreaker,
  cost,
  fallback,
  hedge,
  leastInFlight,
  memoryLedger,
  retry,
  singleFlight,
} from "./index.ts";
import { timeout } from "./index.ts";
import type { Model, Notice } from "./index.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }));
afterEach(() => void vi.useRealTimers());

const message = { messages: [{ role: "user", content: "hello" }] } as const;
/** A nano-dollar a token in, two a token out. */
const price: PriceLookup = ({ input = 0, output = 0 }) => ({ cost: { total: input + 2 * output } });
const count: TokenCounter = () => ({ tokens: 7, bound: "exact" });
const usage = { usage: { input: 10, output: 3 } };

/** What a model does in one call. */
const behaviours: Readonly<Record<string, readonly ScriptedStep[]>> = {
  fine: [usage, "fine"],
  late: [{ wait: 300 }, usage, "fine"],
  slow: [usage, "one ", { wait: 200 }, "two"],
  busy: [{ error: "overloaded", status: 503 }],
  limited: [{ error: "rate-limit", status: 429, retryAfter: 400 }],
  refused: [{ error: "auth", status: 401 }],
  cut: [usage, "half", { wait: 30 }, { error: "network" }],
  stalled: [{ hang: true }],
};

/** How models are put together. */
type Tree =
  | { readonly kind: "leaf"; readonly does: readonly string[] }
  | { readonly kind: "retry" | "timeout" | "circuitBreaker" | "singleFlight"; readonly of: Tree }
  | { readonly kind: "fallback" | "balance" | "hedge"; readonly of: readonly Tree[] };

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "medium", withCrossShrink: true },
    fc.record({
      kind: fc.constant("leaf" as const),
      does: fc.array(fc.constantFrom(...Object.keys(behaviours)), { minLength: 1, maxLength: 4 }),
    }),
    fc.record({
      kind: fc.constantFrom("retry" as const, "timeout" as const, "singleFlight" as const),
      of: tie("tree"),
    }),
    fc.record({
      kind: fc.constantFrom("fallback" as const, "balance" as const),
      of: fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant("hedge" as const), of: fc.array(tie("tree"), { minLength: 1, maxLength: 2 }) }),
  ),
}));

function grow(tree: Tree, leaves: ScriptedModel[]): Model {
  switch (tree.kind) {
    case "leaf": {
      const leaf = scriptedAs({ id: `m${leaves.length}` }, ...tree.does.map((does) => behaviours[does]!));
      leaves.push(leaf);
      return leaf;
    }
    case "retry":
      return grow(tree.of, leaves).with(retry({ random: () => 0.5 }));
    case "timeout":
      return grow(tree.of, leaves).with(timeout({ attempt: 250, total: 5000 }));
    case "circuitBreaker":
      return grow(tree.of, leaves).with(circuitBreaker({ calls: 1000 }));
    case "singleFlight":
      return grow(tree.of, leaves).with(singleFlight());
    case "fallback":
      return fallback(tree.of.map((one) => grow(one, leaves)));
    case "balance":
      return balance(
        tree.of.map((one) => grow(one, leaves)),
        { by: leastInFlight() },
      );
    case "hedge":
      return hedge(
        tree.of.map((one) => grow(one, leaves)),
        { delay: 100, share: 1 },
      );
    default:
      return tree satisfies never;
  }
}

test("however models are put together and whatever they do: every attempt is told, ended, with its usage and cost, and the sum of them", async () => {
  let losers = 0;
  let many = 0;
  await fc.assert(
    fc.asyncProperty(
      tree,
      fc.boolean(),
      fc.option(fc.integer({ min: 50, max: 3000 })),
      async (tree, stream, leaves) => {
        const all: ScriptedModel[] = [];
        const model = grow(tree, all).with(cost(price, { count }));
        const stop = new AbortController();
        if (leaves !== null) setTimeout(() => stop.abort(), leaves);
        const request = { ...message, signal: stop.signal, deadline: Date.now() + 10_000 };
        const asking = stream ? model.stream(request).then((reply) => reply.result()) : model.generate(request);
        const ended = asking.catch((error: unknown) => error as ModelError);
        await vi.advanceTimersByTimeAsync(20_000);
        const end = await ended;
        const { attempts, cost: sum } = end;
        const asked = all.reduce((total, { requests }) => total + requests.length, 0);
        // One that is called off as it begins does not reach its model.
        const unsent = attempts!.filter(({ outcome, unbilled }) => outcome === "cancelled" && unbilled).length;
        expect(attempts!.length - unsent).toBe(asked);
        if (asked > 2) many++;
        for (const attempt of attempts!) {
          expect(attempt.outcome).not.toBe("running");
          expect(attempt.ended).toBeGreaterThanOrEqual(attempt.started);
          if (attempt.unbilled) continue;
          const { input = NaN, output = NaN } = attempt.usage ?? {};
          expect(attempt.cost?.total).toBe(input + 2 * output);
          if (attempt.outcome === "cancelled") losers++;
        }
        // What breaks off while it is read is counted meanwhile: the cost of its attempt follows, the sum does not.
        const isCounted = !(stream && end instanceof ModelError);
        const total = attempts!.reduce((total, one) => total + (one.cost?.total ?? 0), 0);
        expect(isCounted ? (sum?.total ?? 0) : total).toBe(total);
        expect(all.map(({ open }) => open)).toEqual(all.map(() => 0));
        expect(vi.getTimerCount()).toBe(0);
      },
    ),
    { numRuns: 600 },
  );
  expect(losers).toBeGreaterThan(10);
  expect(many).toBeGreaterThan(30);
});

test("an attempt that two calls of one request share is told once, whatever layers listen in between", async () => {
  const leaf = scriptedAs({ id: "leaf" }, [{ wait: 400 }, usage, "fine"]);
  const shared = leaf.with(singleFlight());
  // The first call gives up, and the second inherits what it had begun.
  const first = shared.with(timeout({ total: 200 }), circuitBreaker());
  const model = hedge([first, shared.with(circuitBreaker())], { delay: 100, share: 1 });
  const answer = model.generate(message);
  await vi.advanceTimersByTimeAsync(400);
  expect((await answer).attempts).toMatchObject([{ model: "leaf", outcome: "finished" }]);
  expect(leaf.requests).toHaveLength(1);
});

describe("the loser of a hedge", () => {
  test("is closed at once, told, and charged: by the price, and by the budget for what it may have cost", async () => {
    const [a, b] = [
      scriptedAs({ id: "a" }, [{ wait: 5000 }, "a"]),
      scriptedAs({ id: "b" }, [{ wait: 50 }, usage, "b"]),
    ];
    const ledger = memoryLedger();
    const limits = () => ({ context: 1000, output: 100 });
    const notices: Notice[] = [];
    const model = hedge([a, b], { delay: 100, share: 1 }).with(
      budget({ limit: 10_000, ledger, price, limits }),
      cost(price, { count }),
    );
    const answer = model.generate({ ...message, notify: (notice) => notices.push(notice) });
    await vi.advanceTimersByTimeAsync(150);
    const { attempts, cost: sum } = await answer;
    expect([a.open, b.open]).toEqual([0, 0]);
    expect(attempts).toMatchObject([
      { model: "a", outcome: "cancelled", usage: { input: 7, output: 0 }, cost: { total: 7 } },
      { model: "b", outcome: "finished", usage: { input: 10, output: 3 }, cost: { total: 16 } },
    ]);
    expect(sum).toEqual({ total: 23 });
    await vi.advanceTimersByTimeAsync(0);
    const settled = notices.flatMap((notice) =>
      notice.type === "budget" && notice.step === "settled" ? [notice.amount] : [],
    );
    expect(settled).toHaveLength(2);
    for (const amount of settled) expect(amount).toBeGreaterThan(0);
  });
});
