import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ModelError, defineEmbeddingModel } from "@plugboard/core";
import type { Ledger, Middleware, ModelRequest, Notice, PriceLookup } from "@plugboard/core";
import { memoryLedger } from "../memory-ledger/memory-ledger.ts";
import { deferred, testModel } from "../test-model.ts";
import { budget } from "./budget.ts";
import { ask, count, failing, price, standing, worst } from "./test-budget.ts";

const refused = expect.objectContaining({ code: "budget" });

describe("waiting for money that others hold", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Calls end when they are let go, in the order in which they were admitted. */
  function slow(
    ledger: Ledger,
    limit: number,
    wait = 60_000,
  ): {
    readonly call: (name: string, more?: Partial<ModelRequest>) => Promise<string>;
    readonly asked: string[];
    readonly letGo: () => Promise<void>;
  } {
    const asked: string[] = [];
    const open: (() => void)[] = [];
    const { model } = testModel(async ({ tags }) => {
      asked.push(tags!["name"]!);
      const { promise, resolve } = deferred();
      open.push(resolve);
      await promise;
      return { usage: { input: 10, output: 1 } };
    });
    const limited = model.with(budget({ limit: { nanoDollars: limit }, ledger, price, count, onLimit: { wait } }));
    return {
      call: async (name, more) => {
        try {
          await limited.generate(ask({ tags: { name }, ...more }));
          return "answered";
        } catch (error) {
          return (error as ModelError).code;
        }
      },
      asked,
      async letGo() {
        open.shift()!();
        await vi.advanceTimersByTimeAsync(0);
      },
    };
  }
  const settled = 3 * 10 + 11;

  test("goes in the order in which they came, though a smaller one would fit at once", async () => {
    const { call, asked, letGo } = slow(memoryLedger(), worst + 400);
    const calls = [call("a"), call("b")];
    await vi.advanceTimersByTimeAsync(0);
    calls.push(call("small", { maxOutputTokens: 16 }), call("c"));
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toEqual(["a"]);
    await letGo();
    expect(asked).toEqual(["a", "b", "small"]);
    await letGo();
    await letGo();
    expect(asked).toEqual(["a", "b", "small", "c"]);
    await letGo();
    expect(await Promise.all(calls)).toEqual(["answered", "answered", "answered", "answered"]);
  });

  test("is told, and ends in a refusal when the time is over", async () => {
    const ledger = memoryLedger();
    const { call } = slow(ledger, worst, 5000);
    const notices: Notice[] = [];
    const calls = [call("a"), call("b", { notify: (notice) => notices.push(notice) }), call("c")];
    await vi.advanceTimersByTimeAsync(4999);
    expect(notices).toContainEqual(expect.objectContaining({ type: "budget", step: "waiting", amount: worst }));
    await vi.advanceTimersByTimeAsync(2);
    expect(await Promise.all(calls.slice(1))).toEqual(["budget", "budget"]);
  });

  test("is left at once by whoever is called off, and the others move up", async () => {
    const { call, asked, letGo } = slow(memoryLedger(), worst + settled);
    const stop = new AbortController();
    const calls = [call("a"), call("b", { signal: stop.signal }), call("c")];
    await vi.advanceTimersByTimeAsync(100);
    stop.abort();
    expect(await calls[1]).toBe("aborted");
    await letGo();
    expect(asked).toEqual(["a", "c"]);
    await letGo();
    expect(await Promise.all(calls)).toEqual(["answered", "aborted", "answered"]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("ends at the deadline", async () => {
    const { call } = slow(memoryLedger(), worst);
    void call("a");
    await vi.advanceTimersByTimeAsync(0);
    const late = call("b", { deadline: Date.now() + 1000 });
    await vi.advanceTimersByTimeAsync(1001);
    expect(await late).toBe("budget");
  });

  test("does not begin where the money is spent rather than held, or never was enough", async () => {
    const ledger = memoryLedger();
    await ledger.reserve({
      id: "spent",
      amount: 10,
      scopes: [{ key: "all", limit: 10, window: "total" }],
      lease: 1000,
    });
    await ledger.settle("spent", worst);
    const { call } = slow(ledger, 2 * worst - 1);
    expect(await call("a")).toBe("budget");
    const { call: large } = slow(memoryLedger(), worst - 1);
    expect(await large("a")).toBe("budget");
    const window = { rolling: 1000 };
    const { model } = testModel(() => "hi");
    const rolling = model.with(
      budget({ limit: { nanoDollars: worst - 1, window }, price, count, onLimit: { wait: 60_000 } }),
    );
    await expect(rolling.generate(ask())).rejects.toEqual(refused);
  });

  test("sees within a moment what other processes free", async () => {
    const ledger = memoryLedger();
    const scopes = [{ key: "all", limit: worst, window: "total" }] as const;
    await ledger.reserve({ id: "elsewhere", amount: worst, scopes, lease: 1e9 });
    const { call, asked } = slow(ledger, worst);
    void call("a");
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toEqual([]);
    await ledger.release("elsewhere");
    await vi.advanceTimersByTimeAsync(250);
    expect(asked).toEqual(["a"]);
  });

  test("moves on to the line of another limit, where that is what has no room by then", async () => {
    const ledger = memoryLedger();
    const [all, ada] = [
      { key: "all", limit: 2 * worst, window: "total" },
      { key: "user=ada", limit: worst, window: "total" },
    ] as const;
    await ledger.reserve({ id: "of all", amount: 2 * worst, scopes: [all], lease: 1e9 });
    const asked: string[] = [];
    const { model } = testModel(({ tags }) => {
      asked.push(tags!["user"]!);
      return { usage: { input: 10, output: 1 } };
    });
    const limit = [{ nanoDollars: all.limit }, { nanoDollars: ada.limit, per: ["user"] }];
    const limited = model.with(budget({ limit, ledger, price, count, onLimit: { wait: 60_000 } }));
    const calls = ["ada", "bob"].map((user) => limited.generate(ask({ tags: { user } })));
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toEqual([]);
    await ledger.release("of all");
    await ledger.reserve({ id: "of ada", amount: worst, scopes: [ada], lease: 1e9 });
    await vi.advanceTimersByTimeAsync(1000);
    // Ada, who came first, now waits for her own money, and keeps nobody from that of all.
    expect(asked).toEqual(["bob"]);
    await ledger.release("of ada");
    await vi.advanceTimersByTimeAsync(1000);
    await Promise.all(calls);
    expect(asked).toEqual(["bob", "ada"]);
  });

  test("keeps nobody back who needs no money of that limit", async () => {
    const ledger = memoryLedger();
    const { promise, resolve } = deferred();
    const asked: string[] = [];
    const { model } = testModel(async ({ tags }) => {
      asked.push(tags!["user"]!);
      await promise;
      return { usage: { input: 10, output: 1 } };
    });
    const limit = { nanoDollars: worst, per: ["user"] };
    const limited = model.with(budget({ limit, ledger, price, count, onLimit: { wait: 60_000 } }));
    const calls = ["ada", "ada", "bob"].map((user) => limited.generate(ask({ tags: { user } })).catch(() => "refused"));
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toEqual(["ada", "bob"]);
    resolve();
    await vi.advanceTimersByTimeAsync(1000);
    // The second of ada's does not fit any more once the first is booked.
    expect(await calls[1]).toBe("refused");
    await Promise.all(calls);
  });
});

describe("downgrading", () => {
  /** The dear one costs ten times as much. */
  const byModel: PriceLookup = (usage, model) => {
    const { cost } = price(usage, model);
    return { cost: { total: cost!.total * (model.id === "dear" ? 10 : 1) } };
  };
  const answer = { usage: { input: 10, output: 5 } };

  test("asks the cheaper model where there is no room for the dear one, and says so", async () => {
    const ledger = memoryLedger();
    const notices: Notice[] = [];
    const [dear, cheap] = [testModel(() => answer, { id: "dear" }), testModel(() => answer, { id: "cheap" })];
    const onLimit = { downgrade: cheap.model };
    const limited = dear.model.with(
      budget({ limit: { nanoDollars: 2 * worst }, ledger, price: byModel, count, onLimit }),
    );
    const result = await limited.generate(ask({ notify: (notice) => notices.push(notice) }));
    expect([dear.requests.length, cheap.requests.length]).toEqual([0, 1]);
    expect(result.warnings).toEqual([
      { code: "downgraded", message: expect.stringContaining("test dear was to be asked, and test cheap was") },
    ]);
    expect(notices).toContainEqual(expect.objectContaining({ type: "budget", step: "downgraded" }));
    expect(result.attempts).toEqual([expect.objectContaining({ model: "cheap", outcome: "finished" })]);
    expect(await standing(ledger)).toEqual({ spent: 3 * 10 + 11 * 5, held: 0, assumed: 0 });
  });

  test("asks the dear one while there is room", async () => {
    const [dear, cheap] = [testModel(() => answer, { id: "dear" }), testModel(() => answer, { id: "cheap" })];
    const onLimit = { downgrade: cheap.model };
    const limited = dear.model.with(budget({ limit: { nanoDollars: 10 * worst }, price: byModel, count, onLimit }));
    expect((await limited.generate(ask())).warnings).toEqual([]);
    expect([dear.requests.length, cheap.requests.length]).toEqual([1, 0]);
  });

  test("is refused when the cheaper one does not fit either", async () => {
    const [dear, cheap] = [testModel(() => answer, { id: "dear" }), testModel(() => answer, { id: "cheap" })];
    const onLimit = { downgrade: cheap.model };
    const limited = dear.model.with(budget({ limit: { nanoDollars: worst - 1 }, price: byModel, count, onLimit }));
    await expect(limited.generate(ask())).rejects.toEqual(refused);
    expect([dear.requests.length, cheap.requests.length]).toEqual([0, 0]);
  });

  test("leaves vectors alone: those of another model cannot be compared", async () => {
    const cheap = testModel(() => answer, { id: "cheap" });
    const embed = defineEmbeddingModel({
      provider: "test",
      id: "dear",
      call: async () => ({ model: "dear", embeddings: [[1]], usage: { input: 1 }, warnings: [] }),
    });
    const limited = embed.with(budget({ limit: 1, price: byModel, count, onLimit: { downgrade: cheap.model } }));
    await expect(limited.embed(["a"])).rejects.toEqual(refused);
  });
});

describe("cutting", () => {
  const room = 3 * 10 + 11 * 60 + 10;
  const long = { finishReason: "length", usage: { input: 10, output: 60 } } as const;

  test("asks for no more than the rest pays for, whatever the caller asked for, and says why the answer ended", async () => {
    const ledger = memoryLedger();
    const { model, requests } = testModel(() => long);
    const limited = model.with(budget({ limit: { nanoDollars: room }, ledger, price, count, onLimit: "cut" }));
    const result = await limited.generate(ask());
    expect(requests[0]!.maxOutputTokens).toBe(60);
    expect(result.finishReason).toBe("budget");
    expect((await standing(ledger)).spent).toBeLessThanOrEqual(room);
  });

  test("leaves an answer alone that did not reach that", async () => {
    const { model } = testModel(() => "hi");
    const limited = model.with(budget({ limit: { nanoDollars: room }, price, count, onLimit: "cut" }));
    expect((await limited.generate(ask())).finishReason).toBe("stop");
  });

  test("refuses where the rest pays for next to nothing", async () => {
    const { model, requests } = testModel(() => long);
    const limited = model.with(budget({ limit: { nanoDollars: 3 * 10 + 11 * 15 }, price, count, onLimit: "cut" }));
    await expect(limited.generate(ask())).rejects.toEqual(refused);
    expect(requests).toHaveLength(0);
  });

  test("asks nobody once more whose first attempt was made, when there is no room for another", async () => {
    const { model, requests } = testModel(() => {
      throw new ModelError("Reset.", { code: "network" });
    });
    const twice: Middleware = (inner) => (request) => inner.call(request).catch(() => inner.call(request));
    const layer = budget({ limit: { nanoDollars: worst + 300 }, price, count, onLimit: "cut" });
    await expect(model.with(layer, twice).generate(ask())).rejects.toEqual(refused);
    expect(requests).toHaveLength(1);
  });

  test("goes by what is left when others take it away meanwhile", async () => {
    const ledger = memoryLedger();
    const { model, requests } = testModel(() => long);
    let first = true;
    const busy: Ledger = {
      ...ledger,
      async reserve(reservation) {
        const outcome = await ledger.reserve(reservation);
        if (first && !outcome.granted) {
          first = false;
          await ledger.reserve({ ...reservation, id: "other", amount: 110 });
        }
        return outcome;
      },
    };
    const limited = model.with(budget({ limit: { nanoDollars: room }, ledger: busy, price, count, onLimit: "cut" }));
    await limited.generate(ask());
    expect(requests.map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([50]);
  });
});

describe("a maximum that nobody knows, where it must not be set", () => {
  const open: ModelRequest = { messages: [{ role: "user", content: "hello" }] };

  test("is refused", async () => {
    const { model, requests } = testModel(() => "hi");
    const limited = model.with(budget({ limit: 1e9, price, count, unknownMaximum: "refuse" }));
    await expect(limited.generate(open)).rejects.toThrow("its maximum output");
    expect(requests).toHaveLength(0);
  });

  test("is the model's own where that is known, and is not made less", async () => {
    const { model, requests } = testModel(() => "hi");
    const limits = () => ({ output: 100 });
    await model.with(budget({ limit: worst, price, count, limits, unknownMaximum: "refuse" })).generate(open);
    expect(requests[0]).not.toHaveProperty("maxOutputTokens");
    const tight = model.with(budget({ limit: worst - 1, price, count, limits, unknownMaximum: "refuse" }));
    await expect(tight.generate(open)).rejects.toEqual(refused);
  });
});

describe("a price that nobody knows", () => {
  const unpriced: PriceLookup = () => ({ missing: ["model"] });

  test("is allowed where that is asked for: nothing is booked, and that is said", async () => {
    const ledger = memoryLedger();
    const notices: Notice[] = [];
    const { model } = testModel(() => "hi");
    const limited = model.with(budget({ limit: 1000, ledger, price: unpriced, count, unknownPrice: "allow" }));
    await limited.generate(ask({ notify: (notice) => notices.push(notice) }));
    expect(notices.filter(({ type }) => type === "budget")).toEqual([
      expect.objectContaining({ step: "reserved", amount: 0, unpriced: true }),
      expect.objectContaining({ step: "settled", amount: 0, unpriced: true, estimated: true }),
    ]);
    const today = new Date().toISOString().slice(0, 10);
    expect(await ledger.report(today, today)).toEqual([
      expect.objectContaining({
        attempts: 1,
        spent: 0,
        labels: { provider: "test", model: "scripted", unpriced: "true" },
      }),
    ]);
  });

  test("is booked after all where it turns out to be known", async () => {
    const ledger = memoryLedger();
    const { model } = testModel(() => ({ usage: { input: 1000, output: 5 } }));
    const request = ask({ tools: [{ type: "provider", id: "test.web_search" }] });
    await model.with(budget({ limit: 1e9, ledger, price, count, unknownPrice: "allow" })).generate(request);
    expect((await standing(ledger)).spent).toBe(3 * 1000 + 11 * 5);
  });

  test("is reserved and booked at the cap, and refused where the limit has no room for it", async () => {
    const ledger = memoryLedger();
    const { model } = testModel(() => "hi");
    const limited = model.with(budget({ limit: 1000, ledger, price: unpriced, count, unknownPrice: { cap: 600 } }));
    await limited.generate(ask());
    expect((await standing(ledger)).spent).toBe(600);
    await expect(limited.generate(ask())).rejects.toEqual(refused);
  });
});

describe("a ledger that is down", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("does not stop calls where that is allowed; what they cost is booked once it is back", async () => {
    const ledger = failing(memoryLedger(), "reserve", 3);
    const notices: Notice[] = [];
    const { model } = testModel(() => "hi");
    const limited = model.with(budget({ limit: 10, ledger, price, count, storeDown: "allow" }));
    await limited.generate(ask({ notify: (notice) => notices.push(notice) }));
    expect(steps(notices)).toEqual(["unchecked", "reserved", "settled", "queued"]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(steps(notices).at(-1)).toBe("booked");
    expect((await standing(ledger)).spent).toBe(85);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("keeps what it could not book for ten minutes, and says what it gave up", async () => {
    const ledger = failing(memoryLedger(), "settle");
    const notices: Notice[] = [];
    const { model } = testModel(() => "hi");
    const limited = model.with(budget({ limit: 1e6, ledger, price, count, lease: 3000 }));
    await limited.generate(ask({ notify: (notice) => notices.push(notice) }));
    await vi.advanceTimersByTimeAsync(9 * 60_000);
    expect(steps(notices).at(-1)).toBe("queued");
    await vi.advanceTimersByTimeAsync(2 * 60_000);
    expect(steps(notices).at(-1)).toBe("abandoned");
    expect(await standing(ledger)).toEqual({ spent: 0, held: 0, assumed: worst });
    expect(vi.getTimerCount()).toBe(0);
  });

  test("keeps a thousand bookings, and gives up what is more at once", async () => {
    const ledger = failing(memoryLedger(), "settle", 2500);
    const seen = new Map<string, number>();
    const { model } = testModel(() => "hi");
    const limited = model.with(budget({ limit: 1e9, ledger, price, count }));
    const notify = (notice: Notice): void => {
      if (notice.type === "budget") seen.set(notice.step, (seen.get(notice.step) ?? 0) + 1);
    };
    await Promise.all(Array.from({ length: 1010 }, () => limited.generate(ask({ notify }))));
    expect([seen.get("queued"), seen.get("abandoned")]).toEqual([1010, 10]);
  });

  test("moves the difference when a booking comes after the lease has run out", async () => {
    const ledger = failing(memoryLedger(), "settle", 12);
    const { model } = testModel(() => "hi");
    await model.with(budget({ limit: 1e6, ledger, price, count, lease: 3000 })).generate(ask());
    await vi.advanceTimersByTimeAsync(4000);
    expect(await standing(ledger)).toEqual({ spent: 0, held: 0, assumed: worst });
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(await standing(ledger)).toEqual({ spent: 85, held: 0, assumed: 0 });
  });

  test("lets an attempt go on under its last lease when it cannot renew it, and says so once", async () => {
    const ledger = failing(memoryLedger(), "extend");
    const notices: Notice[] = [];
    const { promise, resolve } = deferred<string>();
    const { model } = testModel(() => promise);
    const limited = model.with(budget({ limit: 1e6, ledger, price, count, lease: 3000 }));
    const call = limited.generate(ask({ notify: (notice) => notices.push(notice) }));
    await vi.advanceTimersByTimeAsync(30_000);
    resolve("hi");
    await call;
    expect(notices.filter(({ type }) => type === "fault")).toHaveLength(1);
    expect(await standing(ledger)).toEqual({ spent: 85, held: 0, assumed: 0 });
  });

  test("charges nothing for a call it refused, though the reservation was made before the answer was lost", async () => {
    const ledger = memoryLedger();
    const lossy: Ledger = {
      ...ledger,
      async reserve(reservation) {
        await ledger.reserve(reservation);
        throw new Error("Lost on the way back.");
      },
    };
    const { model, requests } = testModel(() => "hi");
    const limited = model.with(budget({ limit: 1e6, ledger: lossy, price, count, lease: 3000 }));
    await expect(limited.generate(ask())).rejects.toEqual(refused);
    expect(requests).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await standing(ledger)).toEqual({ spent: 0, held: 0, assumed: 0 });
  });

  const steps = (notices: readonly Notice[]): string[] =>
    notices.flatMap((notice) => (notice.type === "budget" ? [notice.step] : []));
});
