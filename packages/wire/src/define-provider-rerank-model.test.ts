import { expect, test, vi } from "vitest";
import { defineProviderRerankModel } from "./define-provider-rerank-model.ts";

const authorize = vi.fn<() => Promise<Record<string, string>>>(async () => ({ authorization: "Bearer the-key" }));
const fetch = vi.fn<typeof globalThis.fetch>(async () => Response.json([{ index: 0, score: 0.5 }]));
const rivers = { query: "a river", documents: ["the Nile"] };

const model = defineProviderRerankModel({
  provider: "acme",
  id: "rerank-1",
  fingerprint: "acme:rerank-1",
  prepare: ({ query, documents }) => ({
    url: "https://api.acme.example/rerank",
    authorize,
    body: { query, documents },
    options: { fetch, headers: { "x-api-key": "another" } },
    warnings: [],
    whole: (body) => ({
      model: "rerank-1",
      ranking: body as { index: number; score: number }[],
      usage: {},
      warnings: [],
    }),
  }),
});

test("a plan is what would be sent, without a key and without sending", async () => {
  expect(await model.plan(rivers)).toStrictEqual({
    method: "POST",
    url: "https://api.acme.example/rerank",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: rivers,
    warnings: [],
  });
  expect(authorize).not.toHaveBeenCalled();
  expect(fetch).not.toHaveBeenCalled();
});

test("a call sends what was planned, with the key", async () => {
  expect((await model.rerank(rivers)).ranking).toStrictEqual([{ index: 0, score: 0.5 }]);
  const [, sent] = fetch.mock.calls[0]!;
  expect(JSON.parse(sent?.body as string)).toStrictEqual(rivers);
  expect(new Headers(sent?.headers).get("authorization")).toBe("Bearer the-key");
});

test("what no provider can put in order is refused as a call would", async () => {
  await expect(model.plan({ query: "", documents: [] })).rejects.toMatchObject({ code: "invalid-request" });
});
