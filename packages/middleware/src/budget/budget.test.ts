import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as fc from "fast-check";
import { ModelError, defineModel } from "@plugboard/core";
import type { CallOptions, Ledger, Model, ModelRequest, Notice, PriceLookup, Usage } from "@plugboard/core";
import { memoryLedger } from "../memory-ledger/memory-ledger.ts";
import { retry } from "../retry/retry.ts";
import { deferred, pieces, testModel } from "../test-model.ts";
import { budget } from "./budget.ts";
import { ask, count, failing, price, standing, unlimited, worst } from "./test-budget.ts";

const refused = (text: string): object =>
  expect.objectContaining({ code: "budget", message: expect.stringContaining(text) });

test("books what a call cost by the usage that the provider told", async () => {
  const ledger = memoryLedger();
  const { model } = testModel(() => ({ usage: { input: 10, output: 5 } }));
  await model.with(budget({ limit: { usd: 1 }, ledger, price, count })).generate(ask());
  expect(await standing(ledger)).toEqual({ spent: 3 * 10 + 11 * 5, held: 0, assumed: 0 });
});

test("holds the worst case while a call is under way", async () => {
  const ledger = memoryLedger();
  const { promise, resolve } = deferred<string>();
  const { model } = testModel(() => promise);
  const call = model.with(budget({ limit: unlimited, ledger, price, count })).generate(ask());
  await vi.waitFor(async () => expect((await standing(ledger)).held).toBe(worst));
  resolve("done");
  await call;
  expect((await standing(ledger)).held).toBe(0);
});

test("refuses a call that the rest does not pay for, in dollars, and asks nobody", async () => {
  const ledger = memoryLedger();
  const { model, requests } = testModel(() => "hi");
  const limited = model.with(budget({ limit: { nanoDollars: worst - 1 }, ledger, price, count }));
  await expect(limited.generate(ask())).rejects.toEqual(
    refused("of $0.000001129 in all, $0.00 is spent and $0.00 held, and test scripted can need $0.00000113."),
  );
  expect(requests).toHaveLength(0);
  expect(await standing(ledger)).toEqual({ spent: 0, held: 0, assumed: 0 });
});

test("lets a call pass that costs the very rest", async () => {
  const { model } = testModel(() => ({ usage: { input: 10, output: 100 } }));
  const ledger = memoryLedger();
  const limited = model.with(budget({ limit: { nanoDollars: worst }, ledger, price, count }));
  await limited.generate(ask());
  expect((await standing(ledger)).spent).toBe(worst);
  await expect(limited.generate(ask())).rejects.toMatchObject({ code: "budget" });
});

test("fifty callers who race never spend more than the limit, to the nano-dollar, whatever comes in which order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 0, max: 30 * worst }),
      fc.array(
        fc.record({
          input: fc.integer({ min: 0, max: 10 }),
          output: fc.integer({ min: 0, max: 100 }),
          fate: fc.constantFrom("answers", "fails", "breaks off"),
        }),
        { minLength: 50, maxLength: 50 },
      ),
      async (scheduler, limit, calls) => {
        const ledger = memoryLedger();
        let billed = 0;
        let most = 0;
        const { model } = testModel(async (_, call) => {
          const { input, output, fate } = calls[call - 1]!;
          const { spent, held } = await standing(ledger);
          most = Math.max(most, spent + held);
          await scheduler.schedule(Promise.resolve());
          if (fate === "fails") throw new ModelError("Down.", { code: "server" });
          billed += 3 * input + 11 * output;
          if (fate === "breaks off") throw new ModelError("Cut.", { code: "truncated" });
          return { usage: { input, output } };
        });
        const limited = model.with(budget({ limit, ledger, price, count }));
        const racing = Promise.allSettled(
          calls.map(() => scheduler.schedule(Promise.resolve()).then(() => limited.generate(ask()))),
        );
        await scheduler.waitIdle();
        const outcomes = await racing;

        const { spent, held } = await standing(ledger);
        expect(held).toBe(0);
        expect(most).toBeLessThanOrEqual(limit);
        expect(spent).toBeLessThanOrEqual(limit);
        expect(billed).toBeLessThanOrEqual(spent);
        const errors = outcomes.flatMap((outcome) =>
          outcome.status === "rejected" ? [(outcome.reason as ModelError).code] : [],
        );
        expect(errors.every((code) => ["budget", "server", "truncated"].includes(code))).toBe(true);
        // Nobody is refused while there is room for one more.
        expect(!errors.includes("budget") || most > limit - worst).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});

describe("a usage that cannot be", () => {
  test.each([
    ["missing", {}],
    ["without output", { input: 10 }],
    ["negative", { input: 10, output: -5 }],
    ["NaN", { input: Number.NaN, output: 5 }],
    ["infinite", { input: 10, output: Infinity }],
    ["a text", { input: 10, output: "5" as unknown as number }],
    ["a fraction", { input: 10.5, output: 5 }],
    ["2^60", { input: 2 ** 60, output: 5 }],
    ["more read from the cache than read", { input: 10, cachedInput: 11, output: 5 }],
    ["a negative number of searches", { input: 10, output: 5, serverTools: { web_search: -1 } }],
  ] satisfies [string, Usage][])("%s, is booked at the worst case", async (_, usage) => {
    const ledger = memoryLedger();
    const notices: Notice[] = [];
    const { model } = testModel(() => ({ usage }));
    await model
      .with(budget({ limit: unlimited, ledger, price, count }))
      .generate(ask({ notify: (notice) => notices.push(notice) }));
    expect(await standing(ledger)).toEqual({ spent: worst, held: 0, assumed: 0 });
    expect(notices).toContainEqual(
      expect.objectContaining({ type: "budget", step: "settled", amount: worst, estimated: true }),
    );
  });
});

describe("a call that does not come to its end", () => {
  test("is booked with its input and what was said, when it is left", async () => {
    const ledger = memoryLedger();
    const { model } = testModel(() => pieces(["one ", "two ", "three"]));
    const reply = await model.with(budget({ limit: unlimited, ledger, price, count })).stream(ask());
    await reply.next();
    await reply.next();
    await reply.return();
    expect(await standing(ledger)).toEqual({ spent: 3 * 10 + 11 * 7, held: 0, assumed: 0 });
  });

  test("is booked with its input and what was said, when it is called off", async () => {
    const ledger = memoryLedger();
    const stop = new AbortController();
    const { model } = testModel(() => pieces(["one ", "two"], () => new Promise(() => {})));
    const reply = await model
      .with(budget({ limit: unlimited, ledger, price, count }))
      .stream(ask({ signal: stop.signal }));
    const read = reply.text();
    stop.abort();
    await expect(read).rejects.toMatchObject({ code: "aborted" });
    expect((await standing(ledger)).spent).toBe(3 * 10 + 11 * 7);
  });

  test("is booked in full when it may have thought and nobody saw it", async () => {
    const ledger = memoryLedger();
    const { model } = testModel(() => pieces(["one ", "two "]));
    const reply = await model
      .with(budget({ limit: unlimited, ledger, price, count }))
      .stream(ask({ reasoning: "high" }));
    await reply.return();
    expect((await standing(ledger)).spent).toBe(worst);
  });

  test("is booked in full when its whole answer was lost on the way", async () => {
    const ledger = memoryLedger();
    const { model } = testModel(() => {
      throw new ModelError("Reset.", { code: "network" });
    });
    await expect(model.with(budget({ limit: unlimited, ledger, price, count })).generate(ask())).rejects.toThrow(
      "Reset.",
    );
    expect(await standing(ledger)).toEqual({ spent: worst, held: 0, assumed: 0 });
  });

  test.each([
    ["it was refused", { code: "invalid-request", status: 400 }],
    ["it never connected", { code: "network", phase: "connect" }],
  ] as const)("costs nothing when %s", async (_, options) => {
    const ledger = memoryLedger();
    const { model } = testModel(() => {
      throw new ModelError("No.", options);
    });
    await expect(model.with(budget({ limit: unlimited, ledger, price, count })).generate(ask())).rejects.toThrow("No.");
    expect(await standing(ledger)).toEqual({ spent: 0, held: 0, assumed: 0 });
    expect(await ledger.report("2026-01-01", "9999-01-01")).toEqual([]);
  });
});

test("every attempt of a call is reserved and booked by itself, at the price of the model that made it", async () => {
  vi.useFakeTimers();
  const ledger = memoryLedger();
  const byModel: PriceLookup = (usage, { id }) => ({
    cost: { total: (usage.input ?? 0) + (usage.output ?? 0) * (id === "dear" ? 100 : 1) },
  });
  const dear = testModel(
    () => {
      throw new ModelError("Down.", { code: "server", status: 500 });
    },
    { id: "dear" },
  );
  const cheap = testModel(() => ({ usage: { input: 10, output: 5 } }), { id: "cheap" });
  const either = defineModel({
    provider: "plugboard",
    id: "either",
    models: [dear.model, cheap.model],
    call: (request) =>
      dear.model
        .with(retry({ attempts: 2 }))
        .call(request)
        .catch(() => cheap.model.call(request)),
  });
  const result = either.with(budget({ limit: unlimited, ledger, price: byModel, count })).generate(ask());
  await vi.runAllTimersAsync();
  expect((await result).attempts).toHaveLength(3);
  expect((await standing(ledger)).spent).toBe(10 + 10 + 15);
  vi.useRealTimers();
});

describe("what is not known", () => {
  test("a price: the call is refused, naming the model and what is missing", async () => {
    const { model, requests } = testModel(() => "hi");
    const limited = model.with(budget({ limit: { usd: 5 }, count, price: () => ({ missing: ["output"] }) }));
    await expect(limited.generate(ask())).rejects.toEqual(
      refused("test scripted has no worst case to reserve: what is missing is a price for: output."),
    );
    expect(requests).toHaveLength(0);
  });

  test.each([Number.NaN, -5, 0.5, Infinity])("a price of %d is none", async (total) => {
    const { model, requests } = testModel(() => "hi");
    await expect(
      model.with(budget({ limit: { usd: 5 }, count, price: () => ({ cost: { total } }) })).generate(ask()),
    ).rejects.toMatchObject({ code: "budget" });
    expect(requests).toHaveLength(0);
  });

  test("is booked at what is assumed, where something is", async () => {
    const ledger = memoryLedger();
    const { model } = testModel(() => "hi");
    await model
      .with(
        budget({
          limit: { usd: 5 },
          ledger,
          count,
          price: () => ({ missing: ["model"] }),
          unknownPrice: { cap: { usd: 0.25 } },
        }),
      )
      .generate(ask());
    expect((await standing(ledger)).spent).toBe(250_000_000);
  });

  test("the tokens of a file, unless the model's context bounds them", async () => {
    const { model } = testModel(() => "hi");
    const file = { type: "file", mediaType: "image/png", data: new Uint8Array([1]) } as const;
    const request = ask({ messages: [{ role: "user", content: [file] }] });
    await expect(model.with(budget({ limit: unlimited, price })).generate(request)).rejects.toEqual(
      refused("a bound on the tokens of the input"),
    );
    const ledger = memoryLedger();
    const { promise, resolve } = deferred<string>();
    const slow = testModel(() => promise)
      .model.with(budget({ limit: unlimited, ledger, price, limits: () => ({ context: 1000 }) }))
      .generate(request);
    await vi.waitFor(async () => expect((await standing(ledger)).held).toBe(3 * 1000 + 11 * 100));
    resolve("hi");
    await slow;
  });

  test("what a tool of the provider's costs", async () => {
    const { model } = testModel(() => "hi");
    const request = ask({ tools: [{ type: "provider", id: "test.web_search" }] });
    await expect(model.with(budget({ limit: unlimited, price, count })).generate(request)).rejects.toEqual(
      refused("test.web_search"),
    );
  });
});

describe("the maximum output", () => {
  const open: ModelRequest = { messages: [{ role: "user", content: "hello" }] };

  test("is left alone where the model's own limit is paid for", async () => {
    const { model, requests } = testModel(() => "hi");
    await model.with(budget({ limit: unlimited, price, count, limits: () => ({ output: 1000 }) })).generate(open);
    expect(requests[0]).not.toHaveProperty("maxOutputTokens");
  });

  test("is what the rest pays for, where that is less than the model's own, and is said", async () => {
    const { model, requests } = testModel(() => ({ usage: { input: 10, output: 60 } }));
    const notices: Notice[] = [];
    const ledger = memoryLedger();
    const limited = model.with(
      budget({ limit: { nanoDollars: 3 * 10 + 11 * 60 + 10 }, ledger, price, count, limits: () => ({ output: 1000 }) }),
    );
    await limited.generate({ ...open, notify: (notice) => notices.push(notice) });
    expect(requests[0]!.maxOutputTokens).toBe(60);
    expect(notices).toContainEqual({
      type: "warning",
      warning: expect.objectContaining({ code: "adapted", path: "maxOutputTokens" }),
    });
  });

  test("is set where nobody knows one", async () => {
    const { model, requests } = testModel(() => "hi");
    await model.with(budget({ limit: unlimited, price, count })).generate(open);
    await model.with(budget({ limit: unlimited, price, count, maxOutputTokens: 50 })).generate(open);
    expect(requests.map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([4096, 50]);
  });

  test("that the caller asks for is reserved as it is, or refused", async () => {
    const { model, requests } = testModel(() => "hi");
    const limited = model.with(budget({ limit: { nanoDollars: 500 }, price, count }));
    await expect(limited.generate(ask())).rejects.toMatchObject({ code: "budget" });
    await limited.generate(ask({ maxOutputTokens: 20 }));
    expect(requests.map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([20]);
  });
});

describe("several limits", () => {
  test("are each user's own, and all must have room: nothing is taken of one when another refuses", async () => {
    const ledger = memoryLedger();
    const { model } = testModel(() => ({ usage: { input: 10, output: 100 } }));
    const limited = model.with(
      budget({ limit: [{ nanoDollars: worst, per: ["user"] }, { nanoDollars: 2 * worst }], ledger, price, count }),
    );
    await limited.generate(ask({ tags: { user: "ada" } }));
    await expect(limited.generate(ask({ tags: { user: "ada" } }))).rejects.toEqual(refused("The budget for user=ada"));
    expect((await standing(ledger)).spent).toBe(worst);
    await limited.generate(ask({ tags: { user: "bob" } }));
    await expect(limited.generate(ask({ tags: { user: "cid" } }))).rejects.toEqual(refused("The budget for all"));
    expect(await standing(ledger, "user=cid")).toEqual({ spent: 0, held: 0, assumed: 0 });
  });

  test("in two layers take nothing when the other refuses, whichever is inside", async () => {
    const { model, requests } = testModel(() => "hi");
    const ledgers = [memoryLedger(), memoryLedger()];
    const [roomy, full] = [
      budget({ limit: unlimited, ledger: ledgers[0]!, price, count }),
      budget({ limit: 0, ledger: ledgers[1]!, price, count }),
    ];
    for (const limited of [model.with(roomy, full), model.with(full, roomy)]) {
      await expect(limited.generate(ask())).rejects.toMatchObject({ code: "budget" });
      for (const ledger of ledgers) expect(await standing(ledger)).toEqual({ spent: 0, held: 0, assumed: 0 });
    }
    expect(requests).toHaveLength(0);
  });

  test("keep tags apart that could be read as one another", async () => {
    const ledger = memoryLedger();
    const { model } = testModel(() => "hi");
    const limited = model.with(budget({ limit: { nanoDollars: worst, per: ["user", "team"] }, ledger, price, count }));
    for (const tags of [{ user: "a,team=b" }, { user: "a", team: "b" }, { user: "" }, {}] as CallOptions["tags"][])
      await limited.generate(ask({ ...(tags && { tags }) }));
    expect((await standing(ledger, "user=a,team=b")).spent).toBe(85);
  });
});

describe("a ledger that fails", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("before the call, forbids it", async () => {
    const { model, requests } = testModel(() => "hi");
    const limited = model.with(budget({ limit: unlimited, ledger: failing(memoryLedger(), "reserve"), price, count }));
    await expect(limited.generate(ask())).rejects.toMatchObject({
      code: "budget",
      cause: expect.objectContaining({ message: "The store is down." }),
    });
    expect(requests).toHaveLength(0);
  });

  test("after the call, is told of and tried again until it is booked", async () => {
    const { model } = testModel(() => "hi");
    const ledger = failing(memoryLedger(), "settle", 3);
    const notices: Notice[] = [];
    const result = await model
      .with(budget({ limit: unlimited, ledger, price, count }))
      .generate(ask({ notify: (notice) => notices.push(notice) }));
    expect(result.content).toEqual([{ type: "text", text: "hi" }]);
    expect(notices.filter(({ type }) => type === "fault")).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2000);
    expect(await standing(ledger)).toEqual({ spent: 85, held: 0, assumed: 0 });
  });
});

test("a ledger of one's own has booked when the answer is given", async () => {
  const ledger = memoryLedger();
  const slow: Ledger = {
    ...ledger,
    settle: (id, amount) => new Promise((resolve) => setTimeout(() => resolve(ledger.settle(id, amount)), 5)),
  };
  const { model } = testModel(() => "hi");
  await model.with(budget({ limit: unlimited, ledger: slow, price, count })).generate(ask());
  expect(await standing(ledger)).toEqual({ spent: 85, held: 0, assumed: 0 });
});

test("a call that outlives its lease keeps its money held, and leaves no timer behind", async () => {
  vi.useFakeTimers();
  const ledger = memoryLedger();
  const { promise, resolve } = deferred<string>();
  const { model } = testModel(() => promise);
  const call = model.with(budget({ limit: unlimited, ledger, price, count, lease: 3000 })).generate(ask());
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await standing(ledger)).toEqual({ spent: 0, held: worst, assumed: 0 });
  resolve("hi");
  await call;
  expect(await standing(ledger)).toEqual({ spent: 85, held: 0, assumed: 0 });
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test("the default count is never less than a token for each byte", async () => {
  const ledger = memoryLedger();
  const { promise, resolve } = deferred<string>();
  const { model } = testModel(() => promise);
  const content = "漢字 and more".repeat(1000);
  const call = model
    .with(budget({ limit: unlimited, ledger, price }))
    .generate(ask({ messages: [{ role: "user", content }] }));
  await vi.waitFor(async () =>
    expect((await standing(ledger)).held).toBeGreaterThan(3 * Buffer.byteLength(content) + 11 * 100),
  );
  resolve("hi");
  await call;
});

test.each([
  [{ limit: -1 }, "limit"],
  [{ limit: Number.NaN }, "limit"],
  [{ limit: { usd: -5 } }, "limit.usd"],
  [{ limit: { usd: Number.NaN } }, "limit.usd"],
  [{ limit: [{ usd: 5 }, { usd: Infinity }] }, "limit[1].usd"],
  [{ limit: [] }, "limit"],
  [{ limit: { usd: 5, window: "week" as "day" } }, "limit.window"],
  [{ limit: { usd: 5, window: { rolling: Number.NaN } } }, "limit.window"],
  [{ limit: 5, lease: Number.NaN }, "lease"],
] as const)("refuses %o by name", (options, name) => {
  expect(() => budget({ price, ...options })).toThrow(
    expect.objectContaining({ code: "invalid-request", message: expect.stringContaining(`\`${name}\``) }),
  );
});

test.each([
  [{ usd: 5 }, 5_000_000_000],
  [{ usd: 0.1 }, 100_000_000],
  [{ usd: 0.000_000_001 }, 1],
  [{ usd: 4.35 }, 4_350_000_000],
])("%o is %d nano-dollars", async (limit, wanted) => {
  const { model } = testModel(() => "hi");
  const exact = (total: number): Model => model.with(budget({ limit, count, price: () => ({ cost: { total } }) }));
  await exact(wanted).generate(ask());
  await expect(exact(wanted + 1).generate(ask())).rejects.toMatchObject({ code: "budget" });
});
