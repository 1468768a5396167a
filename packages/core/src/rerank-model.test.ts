import { describe, expect, test, vi } from "vitest";
import type { AnyMiddleware, RerankModel, RerankModelParts } from "./index.ts";
import { ModelError, defineRerankModel } from "./index.ts";

const ranking = [
  { index: 1, score: 0.9 },
  { index: 0, score: 0.2 },
];

function modelOf(
  call: RerankModelParts["call"] = async () => ({ model: "rank-1", ranking, usage: { input: 4 }, warnings: [] }),
): RerankModel {
  return defineRerankModel({ provider: "acme", id: "rank", call });
}

const question = { query: "a river", documents: ["Everest", "the Nile"] };

describe("a rerank model", () => {
  test("gives the ranking, and every attempt behind middleware that serves any kind", async () => {
    const call = vi.fn<RerankModelParts["call"]>(async () => ({ model: "rank-1", ranking, usage: {}, warnings: [] }));
    call.mockRejectedValueOnce(new ModelError("down", { code: "server" }));
    const twice: AnyMiddleware = (model) => (request) => model.call(request).catch(() => model.call(request));
    const result = await modelOf(call)
      .with(twice)
      .rerank({ ...question, limit: 2 });
    expect(result).toMatchObject({ model: "rank-1", ranking });
    expect(result.attempts).toMatchObject([{ error: "server" }, { outcome: "finished", answeredBy: "rank-1" }]);
    expect(call.mock.calls[0]![0]).toMatchObject({ ...question, limit: 2 });
  });

  test("asks whoever admits about the question", async () => {
    const admit = vi.fn<NonNullable<Parameters<RerankModel["rerank"]>[0]["admit"]>>(async () => {});
    await modelOf().rerank({ ...question, admit });
    expect(admit).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ provider: "acme", id: "rank", request: expect.objectContaining(question) }),
    );
  });

  test("by the deadline is a timeout", async () => {
    const asked = modelOf(() => new Promise(() => {})).rerank({ ...question, deadline: Date.now() + 3 });
    await expect(asked).rejects.toMatchObject({ code: "timeout", attempts: [{ outcome: "failed" }] });
  });

  test.each([2, -1, 0.5])("takes an answer that ranks document %d of two for broken", async (index) => {
    const broken = modelOf(async () => ({ model: "m", ranking: [{ index, score: 1 }], usage: {}, warnings: [] }));
    await expect(broken.rerank(question)).rejects.toMatchObject({ code: "parse" });
  });

  test.each<[string, object, RegExp]>([
    ["an empty query", { query: "" }, /`query` must be a text that is not empty/],
    ["no documents", { documents: [] }, /`documents` must be a list with at least one text/],
    ["an empty document", { documents: ["a", ""] }, /`documents\[1\]`/],
    ["a limit of none", { limit: 0 }, /`limit` must be a whole number of at least 1; it is 0/],
    ["a deadline that is no time", { deadline: NaN }, /`deadline`/],
  ])("is not asked with %s", async (_, change, message) => {
    const call = vi.fn<RerankModelParts["call"]>();
    await expect(modelOf(call).rerank({ ...question, ...change })).rejects.toMatchObject({
      code: "invalid-request",
      message: expect.stringMatching(message),
    });
    expect(call).not.toHaveBeenCalled();
  });
});
