import type { EmbeddingRequest } from "@plugboard/core";
import { validator } from "@plugboard/recordings";
import { testEmbeddingProvider } from "@plugboard/testing/test-provider";
import { expect, test } from "vitest";
import { embeddingSamples } from "./ollama-embedding.samples.ts";
import { ollama, ollamaEmbedding } from "./ollama.ts";

const schemas = await validator();
testEmbeddingProvider(
  "ollama",
  ({ fetch, model }) => ollamaEmbedding(model, { fetch, baseURL: "http://127.0.0.1:11434" }),
  embeddingSamples,
  schemas ? { requestErrors: (body) => schemas.requestErrors("ollama", body, "embed") } : {},
);

/** What is sent for a request, and the warnings of the answer. */
async function sent(request: EmbeddingRequest): Promise<{ url: string; body: unknown; warnings: unknown }> {
  const asked: { url: string; body: unknown }[] = [];
  const fetch: typeof globalThis.fetch = async (...parts) => {
    const posted = new Request(...parts);
    asked.push({ url: posted.url, body: await posted.json() });
    return Response.json({ embeddings: request.values.map(() => [1]) });
  };
  const { warnings } = await ollamaEmbedding("m", { fetch, baseURL: "http://127.0.0.1:11434" }).embed(request);
  return { ...asked[0]!, warnings };
}

test("texts that are too long are to be refused, not cut", async () => {
  expect(await sent({ values: ["a", "b"], dimensions: 64 })).toMatchObject({
    url: "http://127.0.0.1:11434/api/embed",
    body: { model: "m", input: ["a", "b"], truncate: false, dimensions: 64 },
    warnings: [],
  });
});

test("the options of the caller have the last word, and a purpose is left out with a warning", async () => {
  const providerOptions = { ollama: { truncate: true, keep_alive: "10m", options: { num_ctx: 2048 } } };
  expect(await sent({ values: ["a"], purpose: "query", providerOptions })).toMatchObject({
    body: { model: "m", input: ["a"], truncate: true, keep_alive: "10m", options: { num_ctx: 2048 } },
    warnings: [{ code: "dropped", path: "purpose" }],
  });
});

test("is not taken for the chat model of the same name", () => {
  const options = { baseURL: "http://127.0.0.1:11434" };
  expect(ollamaEmbedding("m", options).fingerprint).not.toBe(ollama("m", options).fingerprint);
});
