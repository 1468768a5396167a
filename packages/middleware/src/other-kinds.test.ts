import { ModelError, defineEmbeddingModel, defineRerankModel } from "@plugboard/core";
import type {
  EmbeddingModel,
  EmbeddingModelParts,
  EmbeddingResult,
  Notice,
  PriceLookup,
  Question,
} from "@plugboard/core";
import { describe, expect, test, vi } from "vitest";
import { asPrompt } from "./as-prompt.ts";
import { budget } from "./budget/budget.ts";
import { countBytes } from "./budget/count-bytes.ts";
import { circuitBreaker } from "./circuit-breaker/circuit-breaker.ts";
import { concurrency } from "./concurrency/concurrency.ts";
import { cost } from "./cost/cost.ts";
import { observe } from "./observe/observe.ts";
import { rateLimit } from "./rate-limit/rate-limit.ts";
import { retry } from "./retry/retry.ts";
import { timeout } from "./timeout/timeout.ts";

/** Three tokens a text. */
function answer(values: readonly string[]): EmbeddingResult {
  return { model: "embed-1", embeddings: values.map(() => [1]), usage: { input: 3 * values.length }, warnings: [] };
}

function modelOf(
  call: EmbeddingModelParts["call"] = async ({ values }) => answer(values),
  more: Partial<EmbeddingModelParts> = {},
): EmbeddingModel {
  return defineEmbeddingModel({ provider: "acme", id: "embed", call, ...more });
}

/** Twenty nano-dollars a token of input; like a catalogue, it prices nothing whose output it is not told of. */
const price: PriceLookup = ({ input, output }) =>
  input === undefined || output === undefined ? { missing: ["output"] } : { cost: { total: 20 * input } };

describe("an embedding model", () => {
  test("is asked again after what may pass", async () => {
    const call = vi.fn<EmbeddingModelParts["call"]>(async ({ values }) => answer(values));
    call.mockRejectedValueOnce(new ModelError("busy", { code: "overloaded" }));
    const { embeddings, attempts } = await modelOf(call)
      .with(retry({ delay: 0 }))
      .embed(["a", "b"]);
    expect(embeddings).toEqual([[1], [1]]);
    expect(attempts?.map(({ outcome }) => outcome)).toEqual(["failed", "finished"]);
  });

  test("is given up after a lasting failure", async () => {
    const call = vi.fn<EmbeddingModelParts["call"]>().mockRejectedValue(new ModelError("no", { code: "auth" }));
    await expect(modelOf(call).with(retry()).embed(["a"])).rejects.toMatchObject({ code: "auth" });
    expect(call).toHaveBeenCalledTimes(1);
  });

  test("is let go when it takes too long", async () => {
    let seen: AbortSignal | undefined;
    const slow = modelOf(({ signal }) => ((seen = signal), new Promise(() => {})));
    await expect(slow.with(timeout({ total: 3 })).embed(["a"])).rejects.toMatchObject({
      code: "timeout",
      phase: "total",
    });
    expect(seen!.aborted).toBe(true);
  });

  test("has a price, batch by batch", async () => {
    const model = modelOf(undefined, { batch: { values: 2 } }).with(cost(price));
    const result = await model.embed(["a", "b", "c"]);
    expect(result.attempts?.map((attempt) => attempt.cost)).toEqual([{ total: 120 }, { total: 60 }]);
    expect(result.cost).toEqual({ total: 180 });
  });

  test("that broke off is counted where the provider did not say", async () => {
    const model = modelOf(() => Promise.reject(new ModelError("reset", { code: "network" })));
    const asked = model.with(cost(price, { count: ({ messages }) => ({ tokens: messages.length, bound: "exact" }) }));
    await expect(asked.embed(["a", "b"])).rejects.toMatchObject({
      attempts: [{ usage: { input: 2, output: 0, estimated: true }, cost: { total: 40 } }],
    });
  });

  test("is observed", async () => {
    const watch = observe();
    const told: string[] = [];
    watch.events.on("start", () => told.push("start"));
    watch.events.on("attempt", ({ attempt }) => told.push(attempt.outcome));
    watch.events.on("end", ({ status }) => told.push(status));
    await modelOf().with(watch).embed(["a"]);
    expect(told).toEqual(["start", "running", "finished", "answered"]);
  });

  test("keeps within a budget: reserved by the bytes of its texts, booked by what it used", async () => {
    const notices: Notice[] = [];
    const model = modelOf().with(budget({ limit: 10_000, price }));
    const { attempts } = await model.embed({ values: ["a", "b"], notify: (notice) => void notices.push(notice) });
    expect(attempts).toHaveLength(1);
    const told = notices.flatMap((notice) => (notice.type === "budget" ? [[notice.step, notice.amount]] : []));
    // One byte of text and sixteen tokens of frame for each text, and sixteen for the whole, at the most: 50 tokens.
    expect(told).toEqual([
      ["reserved", 1000],
      ["settled", 120],
    ]);
  });

  test("keeps within a rate limit: a request and its tokens for each batch, what was not used given back", async () => {
    const limit = { requests: 3, inputTokens: 100 };
    const model = modelOf(undefined, { batch: { values: 2 } }).with(rateLimit({ limit, wait: 0 }));
    expect((await model.embed(["a", "b", "c"])).attempts).toHaveLength(2);
    await expect(model.embed(["x".repeat(900)])).rejects.toMatchObject({ code: "context-length" });
    await model.embed(["x".repeat(150)]);
    await expect(model.embed(["a"])).rejects.toMatchObject({ code: "rate-limit" });
  });

  test("waits for a slot, and gives it back", async () => {
    let live = 0;
    let most = 0;
    const model = modelOf(async ({ values }) => {
      most = Math.max(most, ++live);
      await new Promise((resolve) => setTimeout(resolve, 1));
      live--;
      return answer(values);
    }).with(concurrency({ limit: 2 }));
    await Promise.all(Array.from({ length: 9 }, () => model.embed(["a"])));
    expect(most).toBe(2);
  });

  test("is asked no more when it fails too often", async () => {
    const call = vi.fn<EmbeddingModelParts["call"]>().mockRejectedValue(new ModelError("no", { code: "server" }));
    const model = modelOf(call).with(circuitBreaker({ calls: 3 }));
    for (let times = 0; times < 3; times++) await expect(model.embed(["a"])).rejects.toMatchObject({ code: "server" });
    await expect(model.embed(["a"])).rejects.toMatchObject({ code: "circuit-open", attempts: [] });
    expect(call).toHaveBeenCalledTimes(3);
  });

  test("is refused by a budget that does not pay for it, and is not asked", async () => {
    const call = vi.fn<EmbeddingModelParts["call"]>(async ({ values }) => answer(values));
    const model = modelOf(call).with(budget({ limit: 999, price }));
    await expect(model.embed(["a", "b"])).rejects.toMatchObject({ code: "budget", attempts: [] });
    expect(call).not.toHaveBeenCalled();
  });

  test("stops at the limit exactly with many callers at once", async () => {
    let spent = 0;
    const model = modelOf(async ({ values }) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      spent += 60;
      return answer(values);
    }).with(budget({ limit: 1000, price }));
    const asked = await Promise.allSettled(Array.from({ length: 50 }, () => model.embed(["a"])));
    expect(asked.filter(({ status }) => status === "rejected").length).toBeGreaterThan(0);
    expect(spent).toBeGreaterThan(0);
    expect(spent).toBeLessThanOrEqual(1000);
  });
});

test("a rerank model keeps within a budget too, and has a price", async () => {
  const model = defineRerankModel({
    provider: "acme",
    id: "rank",
    call: async () => ({ model: "r", ranking: [{ index: 0, score: 1 }], usage: { input: 9 }, warnings: [] }),
  });
  const question = { query: "q", documents: ["d"] };
  const priced = model.with(cost(price), budget({ limit: 10_000, price }));
  expect(await priced.rerank(question)).toMatchObject({ cost: { total: 180 } });
  const poor = model.with(budget({ limit: 100, price }));
  await expect(poor.rerank(question)).rejects.toMatchObject({ code: "budget" });
});

test.each<[string, Question, number]>([
  ["each text to embed", { values: ["ab", "cde"] }, 5],
  ["the query beside each document to rank", { query: "q".repeat(99), documents: ["c", "de"] }, 2 * 99 + 3],
])("a count of a question covers %s", (_, question, bytes) => {
  const { tokens, bound } = countBytes(asPrompt(question)) as { tokens: number; bound: string };
  expect(bound).toBe("upper");
  expect(tokens).toBeGreaterThanOrEqual(bytes);
  expect(tokens).toBeLessThanOrEqual(bytes + 16 * 3 + 2);
});
