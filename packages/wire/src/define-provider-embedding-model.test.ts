import { expect, test, vi } from "vitest";
import { defineProviderEmbeddingModel } from "./define-provider-embedding-model.ts";

const authorize = vi.fn<() => Promise<Record<string, string>>>(async () => ({ authorization: "Bearer the-key" }));
const fetch = vi.fn<typeof globalThis.fetch>(async (_url, sent) => {
  const { texts } = JSON.parse(sent?.body as string) as { readonly texts: readonly string[] };
  return Response.json(texts.map((text) => [text.length]));
});

const model = defineProviderEmbeddingModel({
  provider: "acme",
  id: "embed-1",
  fingerprint: "acme:embed-1",
  batch: { values: 2 },
  prepare: ({ values }) => ({
    url: "https://api.acme.example/embed",
    authorize,
    body: { texts: values },
    options: { fetch },
    warnings: [{ code: "dropped", path: "purpose", message: "It has none." }],
    whole: (body, { warnings = [] }) => ({ model: "embed-1", embeddings: body as number[][], usage: {}, warnings }),
  }),
});

test("a plan is what each request would send and what was adapted, without a key and without sending", async () => {
  const plans = await model.plan({ values: ["a", "bb", "ccc"], headers: { "x-trace": "1" } });
  const warnings = [{ code: "dropped", path: "purpose", message: "It has none." }];
  const headers = { "content-type": "application/json", accept: "application/json", "x-trace": "1" };
  const rest = { method: "POST", url: "https://api.acme.example/embed", headers, warnings };
  expect(plans).toStrictEqual([
    { ...rest, body: { texts: ["a", "bb"] } },
    { ...rest, body: { texts: ["ccc"] } },
  ]);
  expect(authorize).not.toHaveBeenCalled();
  expect(fetch).not.toHaveBeenCalled();
});

test("a call sends what was planned, with the key, and joins the answers", async () => {
  const asked = ["a", "bb", "ccc"];
  const { embeddings, warnings } = await model.embed(asked);
  expect(embeddings).toStrictEqual([[1], [2], [3]]);
  expect(warnings).toHaveLength(1);
  const bodies = fetch.mock.calls.map(([, sent]) => JSON.parse(sent?.body as string) as unknown);
  expect(bodies).toStrictEqual((await model.plan(asked)).map(({ body }) => body));
  expect(new Headers(fetch.mock.calls[0]![1]?.headers).get("authorization")).toBe("Bearer the-key");
});

test("what no provider can embed is refused as a call would", async () => {
  await expect(model.plan([""])).rejects.toMatchObject({ code: "invalid-request" });
});
