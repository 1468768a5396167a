import { getEventListeners } from "node:events";
import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type {
  AnyMiddleware,
  Attempt,
  AttemptPlan,
  EmbeddingModel,
  EmbeddingModelParts,
  EmbeddingRequest,
  EmbeddingResult,
  Notice,
} from "./index.ts";
import { ModelError, defineEmbeddingModel } from "./index.ts";
import { batchesOf } from "./embedding-batches.ts";

/** Vectors that tell which text they are of. */
function answer({ values }: EmbeddingRequest, more: Partial<EmbeddingResult> = {}): EmbeddingResult {
  const embeddings = values.map((value) => [value.length, value.charCodeAt(0)]);
  return { model: "embed-1", embeddings, usage: { input: values.length }, warnings: [], ...more };
}

function modelOf(
  call: EmbeddingModelParts["call"] = async (request) => answer(request),
  more: Partial<EmbeddingModelParts> = {},
): EmbeddingModel {
  return defineEmbeddingModel({ provider: "acme", id: "embed", call, ...more });
}

/** Asks twice, as the simplest of retries; serves any kind. */
const twice: AnyMiddleware = (model) => async (request) => {
  try {
    return await model.call(request);
  } catch {
    return model.call(request);
  }
};

describe("an embedding model", () => {
  test("takes a list of texts as it takes a request", async () => {
    const call = vi.fn<EmbeddingModelParts["call"]>(async (request) => answer(request));
    const model = modelOf(call);
    const { embeddings } = await model.embed(["a", "bcd"]);
    expect(embeddings).toEqual([
      [1, 97],
      [3, 98],
    ]);
    expect((await model.embed({ values: ["a"], dimensions: 2 })).embeddings).toEqual([[1, 97]]);
    expect(call.mock.calls[1]![0]).toMatchObject({ values: ["a"], dimensions: 2 });
  });

  test("puts every attempt on the answer, losers included, and the sum of their costs", async () => {
    const failures = [new ModelError("down", { code: "server" })];
    const priced: AnyMiddleware = (inner) => (request) =>
      inner.call({
        ...request,
        notify(notice: Notice) {
          if (notice.type === "attempt" && notice.attempt.ended) Object.assign(notice.attempt, { cost: { total: 21 } });
          request.notify?.(notice);
        },
      });
    const model = modelOf(async (request) => {
      const failure = failures.pop();
      if (failure) throw failure;
      return answer(request);
    }).with(priced, twice);
    const { attempts, cost } = await model.embed(["a"]);
    expect(attempts).toMatchObject([
      { provider: "acme", model: "embed", outcome: "failed", error: "server" },
      { outcome: "finished", answeredBy: "embed-1", usage: { input: 1, output: 0 } },
    ]);
    expect(cost).toEqual({ total: 42 });
  });

  test("puts the attempts on what it fails with; a refusal is not billed", async () => {
    const refused = new ModelError("slow down", { code: "rate-limit", status: 429 });
    const asked = modelOf(() => Promise.reject(refused)).embed(["a"]);
    await expect(asked).rejects.toMatchObject({
      code: "rate-limit",
      attempts: [{ outcome: "failed", error: "rate-limit", unbilled: true }],
      cost: { total: 0 },
    });
    const odd = modelOf(() => {
      throw new TypeError("odd");
    }).embed(["a"]);
    await expect(odd).rejects.toMatchObject({ code: "unknown", provider: "acme", attempts: [{ error: "unknown" }] });
  });

  test("tells an attempt when it starts and completes the same object in place, with the plan that was admitted", async () => {
    const told: [Attempt, string, AttemptPlan][] = [];
    const plans: AttemptPlan[] = [];
    await modelOf(undefined, { catalogId: "known" }).embed({
      values: ["a"],
      tags: { user: "ada" },
      notify: (notice) => {
        if (notice.type === "attempt") told.push([notice.attempt, notice.attempt.outcome, notice.plan]);
      },
      admit: async (plan) => void plans.push(plan),
    });
    expect(told.map(([, outcome]) => outcome)).toEqual(["running", "finished"]);
    expect(told[0]![0]).toBe(told[1]![0]);
    expect(told.map(([, , plan]) => plan)).toEqual([plans[0], plans[0]]);
    expect(plans).toMatchObject([
      { provider: "acme", id: "embed", catalogId: "known", request: { values: ["a"], tags: { user: "ada" } } },
    ]);
  });

  test("is forbidden by whoever admits, before anything is sent", async () => {
    const call = vi.fn<EmbeddingModelParts["call"]>();
    const admit = (): Promise<void> => Promise.reject(new ModelError("spent", { code: "budget" }));
    await expect(modelOf(call).embed({ values: ["a"], admit })).rejects.toMatchObject({ code: "budget", attempts: [] });
    expect(call).not.toHaveBeenCalled();
  });

  test("ends at once when it is called off, whatever the adapter waits for, and leaves no listener", async () => {
    const controller = new AbortController();
    let seen: AbortSignal | undefined;
    const model = modelOf((request) => ((seen = request.signal), new Promise(() => {})));
    const asked = model.embed({ values: ["a"], signal: controller.signal });
    setTimeout(() => controller.abort(new Error("changed my mind")), 2);
    await expect(asked).rejects.toMatchObject({ code: "aborted", attempts: [{ outcome: "cancelled" }] });
    expect(seen!.aborted).toBe(true);
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });

  test("by the deadline is a timeout", async () => {
    const asked = modelOf(() => new Promise(() => {})).embed({ values: ["a"], deadline: Date.now() + 3 });
    await expect(asked).rejects.toMatchObject({ code: "timeout", phase: "total", attempts: [{ outcome: "failed" }] });
  });

  test("leaves no clock running once it is answered", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    await modelOf().embed({ values: ["a"], deadline: Date.now() + 60_000 });
    expect(vi.getTimerCount()).toBe(0);
  });

  test("called off before the call makes no attempt; while it is admitted, one that is not billed", async () => {
    const call = vi.fn<EmbeddingModelParts["call"]>();
    const before = modelOf(call).embed({ values: ["a"], signal: AbortSignal.abort() });
    await expect(before).rejects.toMatchObject({ code: "aborted", attempts: [] });

    const controller = new AbortController();
    const admit = async (): Promise<void> => controller.abort();
    const meanwhile = modelOf(call).embed({ values: ["a"], signal: controller.signal, admit });
    await expect(meanwhile).rejects.toMatchObject({ attempts: [{ outcome: "cancelled", unbilled: true }] });
    expect(call).not.toHaveBeenCalled();
  });

  test("keeps its name and fingerprint behind middleware, of which the first is outermost", async () => {
    const order: string[] = [];
    const layer =
      (name: string): AnyMiddleware =>
      (model) =>
      (request) => {
        order.push(name);
        return model.call(request);
      };
    const bare = modelOf(undefined, { catalogId: "known" });
    const model = bare.with(layer("outer"), layer("inner"));
    await model.embed(["a"]);
    expect(order).toEqual(["outer", "inner"]);
    expect(model).toMatchObject({ provider: "acme", id: "embed", catalogId: "known", fingerprint: bare.fingerprint });
    expect(model.models[0]!.models).toEqual([bare]);
  });

  test("takes an answer with a vector too few for broken", async () => {
    const short = modelOf(async (request) => answer({ values: request.values.slice(1) }));
    await expect(short.embed(["a", "b"])).rejects.toMatchObject({
      code: "parse",
      message: "acme answered with 1 vectors for 2 texts.",
    });
  });
});

describe("an embedding request is refused before anything is sent, with the field and what it may be:", () => {
  test.each<[string, object, RegExp]>([
    ["no texts", { values: [] }, /`values` must be a list with at least one text; it is \[\]/],
    ["a text that is no list", { values: "river" }, /`values` must be a list/],
    ["an empty text", { values: ["a", ""] }, /`values\[1\]` must be a text that is not empty; it is ""/],
    ["a number among the texts", { values: [1] }, /`values\[0\]`/],
    ["no dimensions", { dimensions: 0 }, /`dimensions` must be a whole number of at least 1; it is 0/],
    ["an unknown purpose", { purpose: "fun" }, /`purpose` must be query, document, .*; it is "fun"/],
    ["a deadline that is no time", { deadline: NaN }, /`deadline`/],
  ])("%s", async (_, change, message) => {
    const asked = modelOf().embed({ values: ["a"], ...change });
    await expect(asked).rejects.toMatchObject({ code: "invalid-request", message: expect.stringMatching(message) });
  });
});

describe("more than goes in one request", () => {
  const values = ["a", "b", "c", "d", "e"];

  test("goes in batches, each an attempt, and comes back in order whichever is answered first", async () => {
    const model = modelOf(
      async (request) => {
        await new Promise((resolve) => setTimeout(resolve, request.values.includes("a") ? 4 : 1));
        const warnings = [{ code: "dropped", path: "purpose", message: "It makes none." } as const];
        return answer(request, { warnings });
      },
      { batch: { values: 2 } },
    );
    const { embeddings, usage, warnings, attempts } = await model.embed(values);
    expect(embeddings).toEqual(values.map((value) => [1, value.charCodeAt(0)]));
    expect(usage).toEqual({ input: 5 });
    expect(warnings).toHaveLength(1);
    expect(attempts).toMatchObject([{ usage: { input: 2 } }, { usage: { input: 2 } }, { usage: { input: 1 } }]);
  });

  test("is asked for a few at a time, and admitted one by one", async () => {
    let running = 0;
    let most = 0;
    const model = modelOf(
      async (request) => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 1));
        running--;
        return answer(request);
      },
      { batch: { values: 1, concurrency: 2 } },
    );
    const admitted: unknown[] = [];
    const admit = async ({ request }: AttemptPlan): Promise<void> => void admitted.push(request);
    await model.embed({ values, admit });
    expect(most).toBe(2);
    expect(admitted).toMatchObject(values.map((value) => ({ values: [value] })));
  });

  test("fails as a whole: the other batches are called off, no more are sent, and all attempts are told", async () => {
    const call = vi.fn<EmbeddingModelParts["call"]>(({ values }) =>
      values.includes("b") ? Promise.reject(new ModelError("no", { code: "auth" })) : new Promise(() => {}),
    );
    const model = modelOf(call, { batch: { values: 1, concurrency: 2 } });
    await expect(model.embed(values)).rejects.toMatchObject({
      code: "auth",
      attempts: [
        { outcome: "cancelled", error: "aborted" },
        { outcome: "failed", error: "auth" },
      ],
    });
    expect(call).toHaveBeenCalledTimes(2);
  });

  test("is called off as a whole, for the caller's reason", async () => {
    const controller = new AbortController();
    const model = modelOf(() => new Promise(() => {}), { batch: { values: 1 } });
    const asked = model.embed({ values, signal: controller.signal });
    const reason = new Error("changed my mind");
    setTimeout(() => controller.abort(reason), 2);
    await expect(asked).rejects.toMatchObject({ code: "aborted", cause: reason });
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });

  test("is cut so that order and content stay, and no batch of several texts passes a limit", () => {
    const texts = fc.array(fc.string({ unit: "grapheme", maxLength: 12 }), { minLength: 1, maxLength: 40 });
    const bytes = (list: readonly string[]): number => Buffer.byteLength(list.join(""));
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 30 }), (list, most, room) => {
        const batches = batchesOf(list, { values: most, bytes: room });
        expect(batches.flat()).toEqual(list);
        for (const [place, batch] of batches.entries()) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(most);
          expect(batch.length === 1 || bytes(batch) <= room).toBe(true);
          // No batch is cut before it is full.
          const next = batches[place + 1]?.[0] ?? "x".repeat(room + 1);
          expect(batch.length === most || bytes([...batch, next]) > room).toBe(true);
        }
      }),
    );
  });
});
