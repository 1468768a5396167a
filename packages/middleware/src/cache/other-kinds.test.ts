import { describe, expect, test, vi } from "vitest";
import { ModelError, defineEmbeddingModel, defineRerankModel } from "@plugboard/core";
import type { EmbeddingModel, EmbeddingModelParts, EmbeddingResult, Notice, RerankModel } from "@plugboard/core";
import { memoryCache } from "../memory-cache/memory-cache.ts";
import { singleFlight } from "../single-flight/single-flight.ts";
import { cache } from "./cache.ts";

const answer = (values: readonly string[]): EmbeddingResult => ({
  model: "embed-1",
  embeddings: values.map((value) => [value.length, 0.1]),
  usage: { input: values.length },
  warnings: [],
  headers: { "x-request-id": "1" },
});

function embedding(script: EmbeddingModelParts["call"] = async ({ values }) => answer(values)): {
  readonly model: EmbeddingModel;
  readonly call: ReturnType<typeof vi.fn<EmbeddingModelParts["call"]>>;
} {
  const call = vi.fn<EmbeddingModelParts["call"]>(script);
  return { model: defineEmbeddingModel({ provider: "acme", id: "embed", call }), call };
}

function rerank(): { readonly model: RerankModel; readonly calls: unknown[] } {
  const calls: unknown[] = [];
  const model = defineRerankModel({
    provider: "acme",
    id: "rank",
    async call(request) {
      calls.push(request);
      return { model: "rank-1", ranking: [{ index: 1, score: 0.9 }], usage: { input: 9 }, warnings: [] };
    },
  });
  return { model, calls };
}

/** An embedding call that ends when it is told to. */
function held(): ReturnType<typeof embedding> & { readonly answers: PromiseWithResolvers<EmbeddingResult>[] } {
  const answers: PromiseWithResolvers<EmbeddingResult>[] = [];
  const made = embedding(() => {
    const answer = Promise.withResolvers<EmbeddingResult>();
    answers.push(answer);
    return answer.promise;
  });
  return { ...made, answers };
}

describe("a cache", () => {
  test("keeps vectors, and gives them again at no cost", async () => {
    const { model, call } = embedding();
    const caching = model.with(cache());
    const first = await caching.embed(["a", "bc"]);
    const second = await caching.embed(["a", "bc"]);
    expect(call).toHaveBeenCalledTimes(1);
    expect(second).toEqual({
      model: "embed-1",
      embeddings: first.embeddings,
      usage: { input: 2 },
      warnings: [],
      cached: true,
      attempts: [],
      cost: { total: 0 },
    });
    expect(first.cached).toBeUndefined();
    expect(first.attempts).toHaveLength(1);
  });

  test("keeps vectors apart that differ in a text, their order, their length, what they are for, or whose they are", async () => {
    const { model, call } = embedding();
    const caching = model.with(cache({ scope: ["tenant"] }));
    const tags = { tenant: "a" };
    const requests = [
      { values: ["a", "b"], tags },
      { values: ["b", "a"], tags },
      { values: ["ab"], tags },
      { values: ["a", "b"], dimensions: 3, tags },
      { values: ["a", "b"], purpose: "query" as const, tags },
      { values: ["a", "b"], providerOptions: { acme: { x: 1 } }, tags },
      { values: ["a", "b"], tags: { tenant: "b" } },
    ];
    for (const request of [...requests, ...requests]) await caching.embed(request);
    expect(call).toHaveBeenCalledTimes(requests.length);
    await caching.embed(["a", "b"]);
    await caching.embed(["a", "b"]);
    expect(call).toHaveBeenCalledTimes(requests.length + 2);
  });

  test("keeps an order of documents", async () => {
    const { model, calls } = rerank();
    const caching = model.with(cache());
    const question = { query: "q", documents: ["one", "other"] };
    const first = await caching.rerank(question);
    expect(await caching.rerank(question)).toMatchObject({ ranking: first.ranking, cached: true, cost: { total: 0 } });
    await caching.rerank({ ...question, limit: 1 });
    expect(calls).toHaveLength(2);
  });

  test.each([
    ["too few vectors", { embeddings: [[1]] }],
    ["a vector that is none", { embeddings: [[1], "x"] }],
    ["texts in a vector", { embeddings: [[1], ["1"]] }],
    ["no usage", { embeddings: [[1], [2]], usage: undefined }],
    ["a usage that is no count", { embeddings: [[1], [2]], usage: { input: "2" } }],
  ])("has no entry where it holds %s", async (_, spoilt) => {
    const entries = memoryCache();
    const { model, call } = embedding();
    const caching = model.with(cache({ store: entries }));
    const keys: string[] = [];
    const notify = (notice: Notice): void => void (notice.type === "cache" && keys.push(notice.key));
    await caching.embed({ values: ["a", "b"], notify });
    const text = (await entries.get(keys[0]!))!;
    const entry = JSON.parse(text) as { result: object };
    await entries.set(keys[0]!, JSON.stringify({ ...entry, result: { ...entry.result, ...spoilt } }), 1000);
    expect((await caching.embed(["a", "b"])).cached).toBeUndefined();
    expect(call).toHaveBeenCalledTimes(2);
    expect((await caching.embed(["a", "b"])).cached).toBe(true);
  });

  test("keeps no failure", async () => {
    const { model, call } = embedding();
    call.mockRejectedValueOnce(new ModelError("Busy.", { code: "overloaded" }));
    const caching = model.with(cache());
    await expect(caching.embed(["a"])).rejects.toMatchObject({ code: "overloaded" });
    expect((await caching.embed(["a"])).embeddings).toEqual([[1, 0.1]]);
    expect(call).toHaveBeenCalledTimes(2);
  });
});

describe("calls at once", () => {
  test("are one, told to the one who made it", async () => {
    const { model, call } = embedding();
    const shared = model.with(singleFlight());
    const results = await Promise.all(Array.from({ length: 20 }, () => shared.embed(["a"])));
    expect(call).toHaveBeenCalledTimes(1);
    expect(results.map(({ attempts }) => attempts!.length)).toEqual([1, ...Array<number>(19).fill(0)]);
    expect(new Set(results.map(({ embeddings }) => JSON.stringify(embeddings)))).toEqual(new Set(["[[1,0.1]]"]));
    await shared.embed(["a"]);
    expect(call).toHaveBeenCalledTimes(2);
  });

  test("let one leave, even the first, and are called off with the last", async () => {
    const { model, call, answers } = held();
    const shared = model.with(singleFlight());
    const stops = [new AbortController(), new AbortController(), new AbortController()];
    const calls = stops.map(({ signal }) => shared.embed({ values: ["a"], signal }));
    const codes = Promise.all(calls.map((call) => call.catch((error: unknown) => (error as ModelError).code)));
    await vi.waitFor(() => expect(call).toHaveBeenCalledTimes(1));
    const { signal } = call.mock.calls[0]![0];
    stops[0]!.abort();
    expect(signal!.aborted).toBe(false);
    stops[1]!.abort();
    stops[2]!.abort();
    expect(signal!.aborted).toBe(true);
    expect(await codes).toEqual(["aborted", "aborted", "aborted"]);
    const next = shared.embed(["a"]);
    await vi.waitFor(() => expect(call).toHaveBeenCalledTimes(2));
    answers[1]!.resolve(answer(["a"]));
    expect((await next).embeddings).toEqual([[1, 0.1]]);
  });

  test("hand the attempt on when the one who made it leaves", async () => {
    const { model, call, answers } = held();
    const shared = model.with(singleFlight());
    const stop = new AbortController();
    const leader = shared.embed({ values: ["a"], signal: stop.signal }).catch((error: unknown) => error);
    const heir = shared.embed(["a"]);
    await vi.waitFor(() => expect(call).toHaveBeenCalledTimes(1));
    stop.abort();
    expect(await leader).toMatchObject({ code: "aborted" });
    answers[0]!.resolve(answer(["a"]));
    expect((await heir).attempts).toMatchObject([{ outcome: "finished", usage: { input: 1 } }]);
  });

  test("each have a deadline of their own", async () => {
    const { model, answers } = held();
    const shared = model.with(singleFlight());
    const hasty = shared.embed({ values: ["a"], deadline: Date.now() + 5 });
    const patient = shared.embed(["a"]);
    await expect(hasty).rejects.toMatchObject({ code: "timeout", phase: "total" });
    answers[0]!.resolve(answer(["a"]));
    expect((await patient).embeddings).toHaveLength(1);
  });

  test("share a failure, with an error for each, but not a budget", async () => {
    const { model, call } = embedding();
    call.mockRejectedValueOnce(new ModelError("Busy.", { code: "overloaded", retryAfter: 7 }));
    const shared = model.with(singleFlight());
    const failed = await Promise.allSettled([shared.embed(["a"]), shared.embed(["a"])]);
    const errors = failed.map((outcome) => (outcome as PromiseRejectedResult).reason as ModelError);
    expect(errors[0]).not.toBe(errors[1]);
    for (const error of errors) expect(error).toMatchObject({ code: "overloaded", retryAfter: 7 });
    expect(call).toHaveBeenCalledTimes(1);

    const admit = (): Promise<never> => Promise.reject(new ModelError("Spent.", { code: "budget" }));
    const [poor, rich] = [shared.embed({ values: ["a"], admit }), shared.embed(["a"])];
    await expect(poor).rejects.toMatchObject({ code: "budget" });
    expect((await rich).embeddings).toHaveLength(1);
  });
});
