import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as fc from "fast-check";
import { ModelError, ModelReply, defineEmbeddingModel, defineModel, defineRerankModel } from "@plugboard/core";
import type { Draft, LimitStore, Middleware, Model, ModelRequest, ModelResult, Notice, Notices } from "@plugboard/core";
import { circuitBreaker } from "../circuit-breaker/circuit-breaker.ts";
import { memoryLimits } from "../memory-limits/memory-limits.ts";
import { retry } from "../retry/retry.ts";
import { deferred, pieces, testModel } from "../test-model.ts";
import { rateLimit } from "./rate-limit.ts";
import type { RateLimitOptions } from "./rate-limit.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }));
afterEach(() => void vi.useRealTimers());

const ask = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [{ role: "user", content: "hello" }],
  ...more,
});
const exact = (tokens: number): Pick<RateLimitOptions, "count"> => ({ count: () => ({ tokens, bound: "exact" }) });
const usage = (input: number, output: number): Partial<ModelResult> => ({ usage: { input, output } });

async function outcome(model: Model, request: ModelRequest = ask()): Promise<string> {
  return model.generate(request).then(
    () => "fine",
    (error: unknown) => (error as ModelError).code,
  );
}
async function failure(model: Model, request: ModelRequest = ask()): Promise<ModelError> {
  return model.generate(request).then(
    () => expect.unreachable(),
    (error: unknown) => error as ModelError,
  );
}

describe("requests", () => {
  test("beyond the limit wait until there is room, in the order in which they came", async () => {
    const times: string[] = [];
    const began = Date.now();
    const { model } = testModel(({ tags }) => {
      times.push(`${tags?.["name"]} at ${Date.now() - began}`);
      return "fine";
    });
    const limited = model.with(rateLimit({ limit: { requests: 2, window: 1000 } }));
    const calls = Array.from("abcdef", (name) => outcome(limited, ask({ tags: { name } })));
    await vi.advanceTimersByTimeAsync(5000);
    expect(await Promise.all(calls)).toEqual(Array(6).fill("fine"));
    expect(times).toEqual(["a at 0", "b at 0", "c at 1000", "d at 1000", "e at 2000", "f at 2000"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that may not wait are refused at once, with the time until there is room", async () => {
    const { model, requests } = testModel(() => "fine");
    const limited = model.with(rateLimit({ limit: { requests: 1 }, wait: 0 }));
    await outcome(limited);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await failure(limited)).toMatchObject({ code: "rate-limit", retryAfter: 40_000, status: undefined });
    expect(requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(40_000);
    expect(await outcome(limited)).toBe("fine");
  });

  test("at the same time are let through as far as there is room, also where none may wait", async () => {
    const { model } = testModel(() => "fine");
    const limited = model.with(rateLimit({ limit: { requests: 3 }, wait: 0 }));
    const all = await Promise.all(Array.from({ length: 5 }, () => outcome(limited)));
    expect(all.toSorted()).toEqual(["fine", "fine", "fine", "rate-limit", "rate-limit"]);
  });

  test("that would wait beyond their deadline are refused at once", async () => {
    const { model } = testModel(() => "fine");
    const limited = model.with(rateLimit({ limit: { requests: 1 } }));
    await outcome(limited);
    expect(await outcome(limited, ask({ deadline: Date.now() + 59_999 }))).toBe("rate-limit");
  });

  test("that are called off stop waiting at once, and leave nothing behind", async () => {
    const { model, requests } = testModel(() => "fine");
    const limited = model.with(rateLimit({ limit: { requests: 1 } }));
    await outcome(limited);
    const stop = new AbortController();
    const waiting = ["head", "behind"].map(() => outcome(limited, ask({ signal: stop.signal })));
    const other = outcome(limited);
    await vi.advanceTimersByTimeAsync(1000);
    stop.abort();
    expect(await Promise.all(waiting)).toEqual(["aborted", "aborted"]);
    expect(getEventListeners(stop.signal, "abort")).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await other).toBe("fine");
    expect(requests).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that are called off while a store is asked do not wait for their turn", async () => {
    const asked = deferred();
    const store: LimitStore = {
      take: async ([take]) => {
        await asked.promise;
        return { granted: false, limit: take!, retryAfter: 50_000 };
      },
      refund: async () => {},
    };
    const stop = new AbortController();
    const { model } = testModel(() => "fine");
    const limited = model.with(rateLimit({ limit: { requests: 1 }, store }));
    const call = outcome(limited, ask({ signal: stop.signal }));
    await vi.advanceTimersByTimeAsync(10);
    stop.abort();
    asked.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(await call).toBe("aborted");
  });

  test("of a retry count one by one", async () => {
    const { model, requests } = testModel(() => {
      throw new ModelError("Busy.", { code: "overloaded", status: 503 });
    });
    const limited = model.with(
      rateLimit({ limit: { requests: 2 }, wait: 0 }),
      retry({ attempts: 5, maxRetryAfter: 1000, random: () => 0 }),
    );
    const call = outcome(limited);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await call).toBe("rate-limit");
    expect(requests).toHaveLength(2);
  });

  test("that never reached the provider do not count; those it refused do", async () => {
    const { model, requests } = testModel((_, call) => {
      if (call === 1) throw new ModelError("No way there.", { code: "network", phase: "connect" });
      throw new ModelError("Not so.", { code: "invalid-request", status: 400 });
    });
    const limited = model.with(rateLimit({ limit: { requests: 1 }, wait: 0 }));
    expect(await outcome(limited)).toBe("network");
    expect(await outcome(limited)).toBe("invalid-request");
    expect(await outcome(limited)).toBe("rate-limit");
    expect(requests).toHaveLength(2);
  });

  test("that a layer further out forbids do not count", async () => {
    const { model } = testModel(() => "fine");
    const limited = model.with(rateLimit({ limit: { requests: 1 }, wait: 0 }));
    const admit = (): Promise<void> => Promise.reject(new ModelError("Spent.", { code: "budget" }));
    expect(await outcome(limited, ask({ admit }))).toBe("budget");
    await vi.advanceTimersByTimeAsync(0);
    expect(await outcome(limited)).toBe("fine");
  });
});

describe("tokens", () => {
  test("are taken as estimated, and what was not used is given back at once to those who wait", async () => {
    const gate = deferred();
    const { model, requests } = testModel(() => gate.promise.then(() => usage(100, 20)));
    const limited = model.with(rateLimit({ limit: { tokens: 1000 }, ...exact(400), outputTokens: 200 }));
    const calls = [outcome(limited), outcome(limited)];
    await vi.advanceTimersByTimeAsync(5000);
    expect(requests).toHaveLength(1);
    gate.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(await Promise.all(calls)).toEqual(["fine", "fine"]);
    // 120 of 600 were used by each.
    expect(
      await outcome(model.with(rateLimit({ limit: { tokens: 239 }, ...exact(239), outputTokens: 0, wait: 0 }))),
    ).toBe("fine");
  });

  test("that are few do not go before the many that came first", async () => {
    const order: number[] = [];
    const { model } = testModel(({ maxOutputTokens }) => {
      order.push(maxOutputTokens!);
      return pieces(["one"], () => Promise.reject(new ModelError("Cut.", { code: "truncated" })));
    });
    const limited = model.with(rateLimit({ limit: { tokens: 100 }, ...exact(0), wait: 90_000 }));
    const told: string[] = [];
    const notify = (notice: Notice): void => void (notice.type === "limit" && told.push(notice.step));
    const calls: Promise<string>[] = [];
    for (const maxOutputTokens of [60, 80, 10, 5]) {
      calls.push(outcome(limited, ask({ maxOutputTokens })));
      await vi.advanceTimersByTimeAsync(0);
    }
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await Promise.all(calls)).toEqual(Array(4).fill("truncated"));
    expect(order).toEqual([60, 80, 10, 5]);
    await vi.advanceTimersByTimeAsync(60_000);
    await outcome(limited, ask({ maxOutputTokens: 5, notify }));
    expect(told).toEqual([]);
  });

  test("that were used beyond the estimate count, too", async () => {
    const { model } = testModel(() => usage(900, 0));
    const limited = model.with(rateLimit({ limit: { tokens: 1000 }, ...exact(100), outputTokens: 0, wait: 0 }));
    await outcome(limited);
    await vi.advanceTimersByTimeAsync(0);
    expect(await outcome(limited)).toBe("fine");
    expect(await outcome(limited)).toBe("rate-limit");
  });

  test("of an answer that broke off count as estimated; of a request that was refused, not at all", async () => {
    const { model } = testModel((_, call) => {
      if (call === 1) throw new ModelError("Not so.", { code: "invalid-request", status: 400 });
      return cut();
    });
    async function* cut(): AsyncGenerator<Draft> {
      yield "one";
      yield { type: "usage", usage: { input: 1, output: 1 } };
      throw new ModelError("Cut.", { code: "truncated" });
    }
    const limited = model.with(rateLimit({ limit: { tokens: 600 }, ...exact(400), outputTokens: 200, wait: 0 }));
    expect(await outcome(limited)).toBe("invalid-request");
    await vi.advanceTimersByTimeAsync(0);
    expect(await outcome(limited)).toBe("truncated");
    await vi.advanceTimersByTimeAsync(0);
    expect(await outcome(limited)).toBe("rate-limit");
  });

  test("have limits of their own for each way", async () => {
    const { model } = testModel(() => "fine");
    const limited = model.with(
      rateLimit({ limit: { inputTokens: 1000, outputTokens: 100 }, ...exact(10), outputTokens: 30, wait: 0 }),
    );
    expect(await outcome(limited, ask({ maxOutputTokens: 80 }))).toBe("fine");
    await vi.advanceTimersByTimeAsync(0);
    // 5 were used, so 95 are left.
    expect(await outcome(limited, ask({ maxOutputTokens: 96 }))).toBe("rate-limit");
    expect(await outcome(limited, ask({ maxOutputTokens: 95 }))).toBe("fine");
  });

  test("that are more than the limit will ever allow are refused, and not repeated", async () => {
    const { model, requests } = testModel(() => "fine");
    const limited = model.with(retry(), rateLimit({ limit: { requests: 5, tokens: 1000 }, ...exact(1001) }));
    const error = await failure(limited);
    expect(error).toMatchObject({ code: "context-length", message: expect.stringContaining("1000 within 60000 ms") });
    expect(error.retryable).toBe(false);
    expect(requests).toHaveLength(0);
  });

  test("are estimated from the text where nobody counts them, and where the counter fails", async () => {
    const faults: unknown[] = [];
    const notify = (notice: Notice): void => void (notice.type === "fault" && faults.push(notice.error));
    const failing: RateLimitOptions["count"] = () => Promise.reject(new Error("no counter"));
    const absurd: RateLimitOptions["count"] = () => ({ tokens: Number.NaN, bound: "exact" });
    for (const count of [undefined, failing, absurd]) {
      const { model } = testModel(() => "fine");
      const make = (tokens: number): Model =>
        model.with(rateLimit({ limit: { inputTokens: tokens }, wait: 0, ...(count && { count }) }));
      const messages = [{ role: "user", content: "x".repeat(3000) }] as const;
      expect(await outcome(make(1100), ask({ messages, notify }))).toBe("fine");
      expect(await outcome(make(999), ask({ messages, notify }))).toBe("context-length");
      const data = new Uint8Array(5_000_000);
      const file = { type: "file", mediaType: "image/png", data } as const;
      expect(await outcome(make(2000), ask({ messages: [{ role: "user", content: [file] }], notify }))).toBe("fine");
    }
    expect(faults).toHaveLength(3);
  });
});

describe("who shares a limit", () => {
  const named = (provider: string, id: string, limit: ReturnType<typeof rateLimit>): Model =>
    testModel(() => "fine", { provider, id }).model.with(limit);

  test.each([
    ["model", ["fine", "rate-limit", "fine", "fine"]],
    ["provider", ["fine", "rate-limit", "rate-limit", "fine"]],
    ["all", ["fine", "rate-limit", "rate-limit", "rate-limit"]],
  ] as const)("is every %s that one value stands in front of", async (of, outcomes) => {
    const limit = rateLimit({ limit: { requests: 1, of }, wait: 0 });
    const [a, same, other, b] = [
      named("a", "1", limit),
      named("a", "1", limit),
      named("a", "2", limit),
      named("b", "1", limit),
    ];
    const got: string[] = [];
    for (const model of [a, same, other, b]) got.push(await outcome(model));
    expect(got).toEqual(outcomes);
  });

  test("is everyone with the same tags", async () => {
    const { model } = testModel(() => "fine");
    const limited = model.with(rateLimit({ limit: [{ requests: 3 }, { requests: 1, per: ["user"] }], wait: 0 }));
    const by = (user: string): Promise<string> => outcome(limited, ask({ tags: { user } }));
    expect([await by("ada"), await by("ada"), await by("bob"), await by("eve"), await by("joe")]).toEqual([
      "fine",
      "rate-limit",
      "fine",
      "fine",
      "rate-limit",
    ]);
  });

  test("is whoever is given the same store, unless the names differ", async () => {
    const store = memoryLimits();
    const make = (name?: string): Model =>
      testModel(() => "fine").model.with(rateLimit({ limit: { requests: 1 }, wait: 0, store, ...(name && { name }) }));
    expect(await outcome(make())).toBe("fine");
    expect(await outcome(make())).toBe("rate-limit");
    expect(await outcome(make("other"))).toBe("fine");
  });

  test("does not wait behind others: who waits for one user's limit keeps no other user waiting", async () => {
    const { model } = testModel(() => "fine");
    const limited = model.with(rateLimit({ limit: { requests: 1, per: ["user"] } }));
    await outcome(limited, ask({ tags: { user: "ada" } }));
    const waits = outcome(limited, ask({ tags: { user: "ada" } }));
    expect(await outcome(limited, ask({ tags: { user: "bob" } }))).toBe("fine");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await waits).toBe("fine");
  });
});

test("takes of all limits or of none", async () => {
  const store = memoryLimits();
  const { model } = testModel(() => "fine");
  const limit = [
    { requests: 10, of: "all" },
    { requests: 1, per: ["user"] },
  ] as const;
  const limited = model.with(rateLimit({ limit, wait: 0, store }));
  const by = (user: string): Promise<string> => outcome(limited, ask({ tags: { user } }));
  await by("ada");
  for (let call = 0; call < 50; call++) expect(await by("ada")).toBe("rate-limit");
  for (let user = 1; user < 10; user++) expect(await by(`user ${user}`)).toBe("fine");
  expect(await by("bob")).toBe("rate-limit");
});

describe("what the provider says", () => {
  function saying(
    headers: (call: number) => Record<string, string>,
    options: RateLimitOptions = {},
  ): {
    model: Model;
    calls: number[];
  } {
    const calls: number[] = [];
    const began = Date.now();
    const leaf = defineModel({
      provider: "test",
      id: "said",
      call: async () => {
        calls.push(Date.now() - began);
        const content = [{ type: "text", text: "fine" }] as const;
        const result = {
          model: "said",
          finishReason: "stop",
          usage: { input: 5, output: 5 },
          warnings: [],
          content,
        } as const;
        return ModelReply.of({ ...result, headers: headers(calls.length) });
      },
    });
    return { model: leaf.with(rateLimit(options)), calls };
  }

  test("of what is left is kept to: the next attempt waits until there is enough", async () => {
    const { model, calls } = saying((call) => ({
      "x-ratelimit-limit-requests": "8",
      "x-ratelimit-remaining-requests": call === 1 ? "0" : "7",
      "x-ratelimit-reset-requests": "32.768s",
    }));
    await outcome(model);
    const next = outcome(model);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await next).toBe("fine");
    expect(calls).toEqual([0, 4096]);
  });

  test("is refused for where there is no time to wait", async () => {
    const { model, calls } = saying(
      () => ({ "x-ratelimit-remaining-tokens": "3", "x-ratelimit-reset-tokens": "20s" }),
      { wait: 10_000 },
    );
    await outcome(model);
    expect(await failure(model)).toMatchObject({ code: "rate-limit", retryAfter: 20_000 });
    expect(calls).toHaveLength(1);
  });

  test("is of its own model alone", async () => {
    const limit = rateLimit({ wait: 0 });
    const of = (id: string): Model =>
      defineModel({
        provider: "test",
        id,
        call: async () => {
          const headers = { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "20s" };
          const result = { model: id, finishReason: "stop", usage: {}, warnings: [], content: [] } as const;
          return ModelReply.of({ ...result, headers });
        },
      }).with(limit);
    expect(await outcome(of("a"))).toBe("fine");
    expect(await outcome(of("a"))).toBe("rate-limit");
    expect(await outcome(of("b"))).toBe("fine");
  });

  test("of what is left is kept to by calls at once, too", async () => {
    const { model, calls } = saying(() => ({
      "x-ratelimit-remaining-requests": "2",
      "x-ratelimit-reset-requests": "10s",
    }));
    await outcome(model);
    const more = [1, 2, 3].map(() => outcome(model));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await Promise.all(more)).toEqual(["fine", "fine", "fine"]);
    expect(calls.slice(0, 3)).toEqual([0, 0, 0]);
    expect(calls[3]).toBeGreaterThan(0);
  });

  test("is heard after a failure, and left alone where two models may have said it", async () => {
    const headers = { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "20s" };
    const result = { model: "said", finishReason: "stop", usage: {}, warnings: [], content: [], headers } as const;
    let fails = true;
    const of = (id: string): Model =>
      defineModel({
        provider: "test",
        id,
        call: async () => {
          if (fails && id === "flaky") throw new ModelError("Busy.", { code: "overloaded", status: 503 });
          return ModelReply.of(result);
        },
      });
    const limit = rateLimit({ wait: 0 });
    const [flaky, a, b] = [of("flaky"), of("a"), of("b")];
    const race = defineModel({
      provider: "plugboard",
      id: "race",
      models: [a, b],
      call: async (request) => Promise.race([a.call(request), b.call(request)]),
    }).with(limit);
    expect([await outcome(race), await outcome(race)]).toEqual(["fine", "fine"]);
    const either = defineModel({
      provider: "plugboard",
      id: "either",
      models: [flaky, a],
      call: async (request) => flaky.call(request).catch(() => a.call(request)),
    }).with(limit);
    expect(await outcome(either)).toBe("fine");
    fails = false;
    expect(await outcome(a.with(limit))).toBe("rate-limit");
    expect(await outcome(flaky.with(limit))).toBe("fine");
  });

  test("with a 429 is kept to by those who come after", async () => {
    const { model, requests } = testModel((_, call) => {
      if (call > 1) return "fine";
      const of = { provider: "test", model: "scripted" };
      throw new ModelError("Slow down.", { code: "rate-limit", status: 429, retryAfter: 7000, ...of });
    });
    const limited = model.with(rateLimit());
    expect(await outcome(limited)).toBe("rate-limit");
    const next = outcome(limited);
    await vi.advanceTimersByTimeAsync(6999);
    expect(requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await next).toBe("fine");
  });
});

describe("what the provider says otherwise than of a chat", () => {
  const headers = { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "20s" };
  const whole = { model: "said", usage: {}, warnings: [], headers };

  test("of embeddings and of reranking is kept to, too", async () => {
    const embedding = defineEmbeddingModel({
      provider: "test",
      id: "embed",
      call: async () => ({ ...whole, embeddings: [[1]] }),
    }).with(rateLimit({ wait: 0 }));
    const ranking = defineRerankModel({ provider: "test", id: "rank", call: async () => ({ ...whole, ranking: [] }) });
    const ranker = ranking.with(rateLimit({ wait: 0 }));
    const refused = { code: "rate-limit", retryAfter: 20_000 };
    await embedding.embed(["a"]);
    await expect(embedding.embed(["a"])).rejects.toMatchObject(refused);
    await ranker.rerank({ query: "q", documents: ["d"] });
    await expect(ranker.rerank({ query: "q", documents: ["d"] })).rejects.toMatchObject(refused);
  });

  test("with the 429 of an attempt that another one follows is kept to by all who come meanwhile", async () => {
    const of = { provider: "test", model: "scripted" };
    const { model, requests } = testModel((_, call) => {
      if (call > 1) return "fine";
      throw new ModelError("Slow down.", { code: "rate-limit", status: 429, retryAfter: 7000, ...of });
    });
    const limited = model.with(rateLimit(), retry({ random: () => 0.5 }));
    const first = outcome(limited);
    await vi.advanceTimersByTimeAsync(1);
    const others = [outcome(limited), outcome(limited)];
    await vi.advanceTimersByTimeAsync(6998);
    expect(requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await Promise.all([first, ...others])).toEqual(["fine", "fine", "fine"]);
  });

  test("with a 429 is heard once, though it is told of when it is thrown as well", async () => {
    const of = { provider: "test", model: "scripted" };
    const refusal = new ModelError("Slow down.", { code: "rate-limit", status: 429, retryAfter: 7000, ...of });
    const { model, requests } = testModel((_, call) => {
      if (call === 1) throw refusal;
      return "fine";
    });
    // It tells of the failure, thinks for a while, and throws it all the same.
    const slow: Middleware = (inner) => (request) =>
      inner.call(request).catch(async (error: unknown) => {
        request.notify?.({ type: "retry", error: refusal, attempt: 2, delay: 5000 });
        await new Promise((resolve) => setTimeout(resolve, 5000));
        throw error;
      });
    const limited = model.with(rateLimit(), slow);
    const first = outcome(limited);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await first).toBe("rate-limit");
    const next = outcome(limited);
    await vi.advanceTimersByTimeAsync(2000);
    expect(await next).toBe("fine");
    expect(requests).toHaveLength(2);
  });
});

describe("a store that fails", () => {
  const broken = (fails: () => Promise<never>): LimitStore => ({ take: fails, refund: fails });

  test.each([
    ["throws", () => Promise.reject(new Error("down"))],
    ["hangs", () => new Promise<never>(() => {})],
  ])("and %s neither stops all calls nor lifts the limit: this process keeps to its share", async (_, fails) => {
    const faults: unknown[] = [];
    const notify = (notice: Notice): void => void (notice.type === "fault" && faults.push(notice.error));
    const { model } = testModel(() => "fine");
    const limited = model.with(rateLimit({ limit: { requests: 8 }, wait: 0, store: broken(fails), share: 0.25 }));
    const all: string[] = [];
    for (let call = 0; call < 4; call++) {
      const one = outcome(limited, ask({ notify }));
      await vi.advanceTimersByTimeAsync(1000);
      all.push(await one);
    }
    expect(all).toEqual(["fine", "fine", "rate-limit", "rate-limit"]);
    expect(faults.length).toBeGreaterThanOrEqual(4);
  });

  test("lets a large prompt go that is more than its share, once there is nothing else", async () => {
    const fails = (): Promise<never> => Promise.reject(new Error("down"));
    const { model } = testModel(() => usage(600, 5));
    const limited = model.with(
      rateLimit({ limit: { inputTokens: 1000 }, ...exact(600), wait: 0, store: broken(fails), share: 0.25 }),
    );
    expect([await outcome(limited), await outcome(limited)]).toEqual(["fine", "rate-limit"]);
  });

  test("on the way back only is told of", async () => {
    const faults: unknown[] = [];
    const notify = (notice: Notice): void => void (notice.type === "fault" && faults.push(notice.error));
    const store = { ...memoryLimits(), refund: () => Promise.reject(new Error("down")) };
    const { model } = testModel(() => usage(1, 1));
    const limited = model.with(rateLimit({ limit: { tokens: 10_000 }, ...exact(100), store }));
    expect(await outcome(limited, ask({ notify }))).toBe("fine");
    await vi.advanceTimersByTimeAsync(0);
    expect(faults).toEqual([expect.objectContaining({ message: "down" })]);
  });
});

test("is not counted by a circuit breaker", async () => {
  const { model } = testModel(() => "fine");
  const limited = model.with(circuitBreaker({ calls: 2 }), rateLimit({ limit: { requests: 1 }, wait: 0 }));
  const all: string[] = [];
  for (let call = 0; call < 20; call++) all.push(await outcome(limited));
  expect(all).toEqual(["fine", ...Array<string>(19).fill("rate-limit")]);
});

test("tells who waits, and for how long they did", async () => {
  const told: Omit<Notices["limit"], "type">[] = [];
  const notify = ({ type, ...notice }: Notice): void =>
    void (type === "limit" && told.push(notice as Notices["limit"]));
  const { model } = testModel(() => "fine");
  const limited = model.with(rateLimit({ limit: { requests: 1, window: 1000 }, wait: 1500 }));
  const calls = [outcome(limited, ask({ notify })), outcome(limited, ask({ notify }))];
  await vi.advanceTimersByTimeAsync(100);
  calls.push(outcome(limited, ask({ notify })));
  await vi.advanceTimersByTimeAsync(5000);
  expect(await Promise.all(calls)).toEqual(["fine", "fine", "rate-limit"]);
  expect(told).toEqual([
    { step: "waiting", by: "rate", waited: 0 },
    { step: "waiting", by: "rate", waited: 0 },
    { step: "admitted", by: "rate", waited: 1000 },
    { step: "refused", by: "rate", waited: 900 },
  ]);
});

test("never sends more than the limits in any window, whoever comes when, breaks off, is called off or uses less", async () => {
  const call = fc.record({
    after: fc.constantFrom(0, 0, 1, 50, 400, 1500),
    takes: fc.integer({ min: 1, max: 40 }),
    lasts: fc.nat(800),
    ends: fc.constantFrom("used", "used", "less", "cut", "unsent", "abort"),
    user: fc.constantFrom("ada", "bob"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 10, maxLength: 40 }), async (calls) => {
      const sent: { at: number; user: string; tokens: number; unsent?: true }[] = [];
      const { model } = testModel(async ({ tags, maxOutputTokens, signal }) => {
        const { ends, lasts, user } = tags as { ends: string; lasts: string; user: string };
        const one: (typeof sent)[number] = { at: performance.now(), user, tokens: maxOutputTokens! };
        sent.push(one);
        await new Promise<void>((resolve, reject) => {
          const timer = setTimeout(resolve, Number(lasts));
          signal!.addEventListener("abort", () => {
            clearTimeout(timer);
            reject(signal!.reason as Error);
          });
        });
        if (ends === "unsent") {
          one.unsent = true;
          throw new ModelError("No way there.", { code: "network", phase: "connect" });
        }
        if (ends === "cut") throw new ModelError("Cut.", { code: "truncated" });
        if (ends === "less") one.tokens = Math.floor(one.tokens / 2);
        return usage(0, one.tokens);
      });
      const limits = [
        { requests: 6, window: 1000 },
        { tokens: 100, window: 2000, of: "all" },
        { requests: 4, window: 1000, per: ["user"] },
      ] as const;
      const limited = model.with(rateLimit({ limit: limits, ...exact(0), wait: 30_000 }));
      const answers: Promise<string>[] = [];
      for (const { after, takes, lasts, ends, user } of calls) {
        await vi.advanceTimersByTimeAsync(after);
        const stop = new AbortController();
        if (ends === "abort") setTimeout(() => stop.abort(), lasts / 2);
        const tags = { ends, lasts: String(lasts), user };
        answers.push(outcome(limited, ask({ maxOutputTokens: takes, tags, signal: stop.signal })));
      }
      await vi.advanceTimersByTimeAsync(120_000);
      await Promise.all(answers);
      const most = (window: number, amount: (one: (typeof sent)[number]) => number): number =>
        Math.max(
          0,
          ...sent.map(({ at }) =>
            sent.reduce((sum, one) => (one.at >= at && one.at < at + window ? sum + amount(one) : sum), 0),
          ),
        );
      const requests = ({ unsent }: (typeof sent)[number]): number => (unsent ? 0 : 1);
      expect(most(1000, requests)).toBeLessThanOrEqual(6);
      expect(most(2000, ({ tokens, unsent }) => (unsent ? 0 : tokens))).toBeLessThanOrEqual(100);
      expect(most(1000, (one) => (one.user === "ada" ? requests(one) : 0))).toBeLessThanOrEqual(4);
      expect(vi.getTimerCount()).toBe(0);
    }),
    { numRuns: 60 },
  );
});

test.each<[RateLimitOptions, string]>([
  [{ limit: {} }, "limit"],
  [{ limit: { requests: 0 } }, "limit.requests"],
  [{ limit: [{ requests: 1 }, { tokens: 1.5 }] }, "limit[1].tokens"],
  [{ limit: { requests: 1, window: 0 } }, "limit.window"],
  [{ limit: { requests: 1, of: "user" as "all" } }, "limit.of"],
  [{ wait: -1 }, "wait"],
  [{ share: 0 }, "share"],
])("refuses %o by name", (options, name) => {
  expect(() => rateLimit(options)).toThrow(
    expect.objectContaining({ code: "invalid-request", message: expect.stringContaining(`\`${name}\``) }),
  );
});
