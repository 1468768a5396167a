// Budgets in front of what asks more than once: every attempt that was billed is charged, whichever way it ended.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as fc from "fast-check";
import { ModelError, ModelReply, budget, defineModel, fallback, hedge, memoryLedger, retry, textOf } from "./index.ts";
import type { Ledger, Middleware, Model, ModelEvent, ModelRequest, Notice, TokenCounter, Usage } from "./index.ts";

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 10, 14, 12) }));
afterEach(() => void vi.useRealTimers());

const price = ({ input = 0, output = 0 }: Usage): { cost: { total: number } } => ({
  cost: { total: 3 * input + 11 * output },
});
const input = 10;
/** The prompt is 10 tokens, and every x of an answer is one. */
const count: TokenCounter = ({ messages: [message] }) => {
  const said = message?.role === "assistant" && typeof message.content !== "string" ? message.content : undefined;
  return { tokens: said ? textOf({ content: said }).length : input, bound: "exact" };
};
const sleep = (delay: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delay));

/** What becomes of one attempt at the provider. */
interface Fate {
  /** Milliseconds until its first token, and between tokens. */
  readonly first: number;
  readonly pace: number;
  readonly tokens: number;
  readonly ending: "usage" | "no usage" | "absurd usage" | "refuses" | "fails" | "resets" | "breaks off";
}

/** A provider that bills the prompt of each request that it takes, and each token as it writes it; and what it has billed. */
function provider(fates: () => Fate): { readonly model: (id: string) => Model; billed: number; attempts: number } {
  const self = {
    billed: 0,
    attempts: 0,
    model: (id: string): Model =>
      defineModel({
        provider: "test",
        id,
        async call({ signal, maxOutputTokens = Infinity }) {
          const { first, pace, tokens, ending } = fates();
          self.attempts++;
          if (ending === "refuses") throw new ModelError("No.", { code: "overloaded", status: 429 });
          self.billed += 3 * input;
          await sleep(first);
          if (ending === "fails") throw new ModelError("Down.", { code: "server", status: 500 });
          let left = Math.min(tokens, maxOutputTokens);
          const output = left;
          let isStarted = false;
          return ModelReply.open({
            async pull() {
              await sleep(pace);
              if (signal!.aborted) return undefined;
              if (left-- > 0) {
                self.billed += 11;
                const events: ModelEvent[] = [{ type: "text-delta", index: 0, text: "x" }];
                if (!isStarted) events.unshift({ type: "start", model: id });
                isStarted = true;
                return events;
              }
              if (ending === "resets") throw new ModelError("Reset.", { code: "network" });
              if (ending === "breaks off") return undefined;
              const told: Usage = { "no usage": {}, "absurd usage": { input, output: -1 }, usage: { input, output } }[
                ending
              ];
              const finish: ModelEvent = { type: "finish", finishReason: "stop", usage: told };
              return isStarted ? [finish] : [{ type: "start", model: id }, finish];
            },
          });
        },
      }),
  };
  return self;
}

const ask: ModelRequest = { messages: [{ role: "user", content: "hello" }], maxOutputTokens: 20 };
const worst = 3 * input + 11 * 20;
const quick = { first: 10, pace: 1, tokens: 5, ending: "usage" } as const;

async function standing(ledger: Ledger): Promise<{ readonly spent: number; readonly held: number }> {
  const { spent, assumed, held } = await ledger.spend("all", "total");
  return { spent: spent + assumed, held };
}

describe("an attempt is charged what it used when it", () => {
  /** Asks a model made of this provider's, one fate after another, and says what was charged for each attempt, and billed for all. */
  async function charged(
    fates: readonly Fate[],
    made: (model: (id: string) => Model) => Model,
    act: (model: Model, notify: (notice: Notice) => void) => Promise<unknown>,
    layers: readonly Middleware[] = [],
  ): Promise<{ readonly charges: readonly (readonly [number, boolean])[]; readonly billed: number }> {
    const ledger = memoryLedger();
    let next = 0;
    const source = provider(() => fates[next++]!);
    const model = made(source.model).with(
      budget({ limit: 1e9, ledger, price, count, limits: () => ({ output: 20 }) }),
      ...layers,
    );
    const charges: (readonly [number, boolean])[] = [];
    const notify = (notice: Notice): void => {
      if (notice.type === "budget" && notice.step === "settled")
        charges.push([notice.amount, notice.estimated === true]);
    };
    const done = act(model, notify).catch(() => undefined);
    await vi.runAllTimersAsync();
    await done;
    expect(await standing(ledger)).toEqual({ spent: charges.reduce((sum, [amount]) => sum + amount, 0), held: 0 });
    return { charges, billed: source.billed };
  }
  const generate = (model: Model, notify: (notice: Notice) => void): Promise<unknown> =>
    model.generate({ ...ask, notify });
  const stream = async (model: Model, notify: (notice: Notice) => void): Promise<unknown> =>
    (await model.stream({ ...ask, notify })).result();
  const cost = (tokens: number): number => 3 * input + 11 * tokens;

  test("is retried", async () => {
    const { charges, billed } = await charged([{ ...quick, ending: "fails" }, quick], (model) => model("a"), generate, [
      retry(),
    ]);
    expect(charges).toEqual([
      [cost(0), true],
      [cost(5), false],
    ]);
    expect(billed).toBe(cost(0) + cost(5));
  });

  test("is followed by another model's", async () => {
    const { charges, billed } = await charged(
      [{ ...quick, ending: "resets" }, quick],
      (model) => fallback([model("a"), model("b")]),
      generate,
    );
    // What a reset answer had said, nobody knows.
    expect(charges).toEqual([
      [cost(5), true],
      [cost(5), false],
    ]);
    expect(billed).toBe(2 * cost(5));
  });

  test("loses a race", async () => {
    const { charges, billed } = await charged(
      [{ ...quick, first: 1000 }, quick],
      (model) => hedge([model("a"), model("b")], { delay: 100, share: 1 }),
      stream,
    );
    expect(charges).toEqual([
      [cost(0), true],
      [cost(5), false],
    ]);
    expect(billed).toBe(cost(0) + cost(5));
  });

  test("loses a race for a whole answer, and nobody knows how much of it was written", async () => {
    const { charges } = await charged(
      [{ ...quick, pace: 1000 }, quick],
      (model) => hedge([model("a"), model("b")], { delay: 100, share: 1 }),
      generate,
    );
    expect(charges).toEqual([
      [worst, true],
      [cost(5), false],
    ]);
  });

  test("breaks off in the middle", async () => {
    const { charges, billed } = await charged([{ ...quick, ending: "breaks off" }], (model) => model("a"), stream);
    expect(charges).toEqual([[cost(5), true]]);
    expect(billed).toBe(cost(5));
  });

  test("is called off in the middle", async () => {
    const stop = new AbortController();
    const { charges, billed } = await charged(
      [{ ...quick, pace: 10 }],
      (model) => model("a"),
      async (model, notify) => {
        const reply = await model.stream({ ...ask, notify, signal: stop.signal });
        await reply.next();
        await reply.next();
        await reply.next();
        stop.abort();
      },
    );
    expect(charges).toEqual([[cost(2), true]]);
    expect(billed).toBe(cost(2));
  });

  test("is continued by another model after its text", async () => {
    const { charges, billed } = await charged(
      [{ ...quick, ending: "breaks off" }, quick],
      (model) => fallback([model("a"), model("b")], { continueMidStream: true }),
      stream,
    );
    expect(charges).toEqual([
      [cost(5), true],
      [cost(5), false],
    ]);
    expect(billed).toBe(2 * cost(5));
  });

  test("finishes, and its provider does not say", async () => {
    const { charges } = await charged([{ ...quick, ending: "no usage" }], (model) => model("a"), generate);
    expect(charges).toEqual([[worst, true]]);
  });

  test("finishes, and its provider says what cannot be", async () => {
    const { charges } = await charged([{ ...quick, ending: "absurd usage" }], (model) => model("a"), generate);
    expect(charges).toEqual([[worst, true]]);
  });

  test("was refused: nothing", async () => {
    const { charges, billed } = await charged([{ ...quick, ending: "refuses" }], (model) => model("a"), generate);
    expect(charges).toEqual([]);
    expect(billed).toBe(0);
  });
});

describe("whatever callers and the provider do", () => {
  const fates = (endings: readonly Fate["ending"][]): fc.Arbitrary<readonly Fate[]> =>
    fc.array(
      fc.record({
        first: fc.nat(300),
        pace: fc.nat(20),
        tokens: fc.nat(20),
        ending: fc.constantFrom(...endings),
      }),
      { minLength: 1, maxLength: 20 },
    );
  const callers = fc.array(
    fc.record({
      begins: fc.nat(500),
      streams: fc.boolean(),
      maximum: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
      /** Milliseconds after which it is called off; tokens after which it is left. */
      patience: fc.option(fc.nat(400), { nil: undefined }),
      leaves: fc.option(fc.nat(5), { nil: undefined }),
    }),
    { minLength: 20, maxLength: 40 },
  );
  const policies = fc.constantFrom<Pick<Parameters<typeof budget>[0], "onLimit">>(
    {},
    { onLimit: { wait: 200 } },
    { onLimit: "cut" },
  );
  type Caller = typeof callers extends fc.Arbitrary<readonly (infer One)[]> ? One : never;

  async function call(model: Model, { begins, streams, maximum, patience, leaves }: Caller): Promise<void> {
    await sleep(begins);
    const stop = new AbortController();
    if (patience !== undefined) setTimeout(() => stop.abort(), patience);
    const { maxOutputTokens: _, ...open } = ask;
    const request: ModelRequest = {
      ...open,
      signal: stop.signal,
      ...(maximum !== undefined && { maxOutputTokens: maximum }),
    };
    if (!streams) {
      await model.generate(request);
      return;
    }
    let left = leaves ?? Infinity;
    for await (const _ of await model.stream(request)) if (left-- <= 0) return;
  }

  async function race(
    list: readonly Fate[],
    limit: number,
    all: readonly Caller[],
    policy: Pick<Parameters<typeof budget>[0], "onLimit">,
  ): Promise<{ readonly billed: number; readonly spent: number }> {
    const ledger = memoryLedger();
    let next = 0;
    const source = provider(() => list[next++ % list.length]!);
    const { model } = source;
    const limited = fallback([hedge([model("a"), model("b")], { delay: 100, share: 1 }), model("c")]).with(
      budget({ limit, ledger, price, count, limits: () => ({ output: 20 }), ...policy }),
      retry({ attempts: 2, delay: 10 }),
    );
    const racing = Promise.allSettled(all.map((caller) => call(limited, caller)));
    await vi.runAllTimersAsync();
    const outcomes = await racing;
    const strange = outcomes.filter(
      (outcome) => outcome.status === "rejected" && !(outcome.reason instanceof ModelError),
    );
    expect(strange).toEqual([]);
    const { spent, held } = await standing(ledger);
    expect(held).toBe(0);
    expect(spent).toBeLessThanOrEqual(limit);
    expect(vi.getTimerCount()).toBe(0);
    return { billed: source.billed, spent };
  }
  const limits = fc.integer({ min: 0, max: 15 * worst });

  test("the bill is never above the ledger, nor the ledger above the limit, and nothing stays held", async () => {
    const endings = ["usage", "no usage", "absurd usage", "refuses", "fails", "resets", "breaks off"] as const;
    await fc.assert(
      fc.asyncProperty(fates(endings), limits, callers, policies, async (list, limit, all, policy) => {
        const { billed, spent } = await race(list, limit, all, policy);
        expect(billed).toBeLessThanOrEqual(spent);
        expect(spent).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 40 },
    );
  });

  test("the ledger equals the bill, where providers tell what they bill and nobody leaves", async () => {
    await fc.assert(
      fc.asyncProperty(
        fates(["usage", "refuses", "fails"]),
        limits,
        callers,
        policies,
        async (list, limit, all, policy) => {
          const patient = all.map((caller) => ({ ...caller, streams: true, patience: undefined, leaves: undefined }));
          const { billed, spent } = await race(list, limit, patient, policy);
          expect(spent).toBe(billed);
        },
      ),
      { numRuns: 40 },
    );
  });
});
