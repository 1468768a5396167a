import type { EmbeddingResult, Json } from "@plugboard/core";
import { validator } from "@plugboard/recordings";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeEmbedding } from "./decode.ts";
import { embeddingsProtocol } from "./serve.ts";

const schemas = await validator();
const protocol = embeddingsProtocol();
const result: EmbeddingResult = {
  model: "embed-1",
  embeddings: [
    [1, -0.5, 0.25],
    [0, 2, 4],
  ],
  usage: { input: 5 },
  warnings: [],
};

test("texts are read with how long and in which form their vectors are wanted", () => {
  const body = { model: "embed-1", input: ["a", "b"], encoding_format: "base64", dimensions: 3, user: "ada" };
  expect(protocol.readRequest(body)).toEqual({
    model: "embed-1",
    request: { values: ["a", "b"], dimensions: 3, providerOptions: { openai: { user: "ada" } } },
    encoding: "base64",
  });
  expect(protocol.readRequest({ model: "embed-1", input: "a" })).toMatchObject({ request: { values: ["a"] } });
});

test.each<[string, Json]>([
  ["input", { model: "m" }],
  ["input", { model: "m", input: [] }],
  ["input", { model: "m", input: [[1, 2]] }],
  ["input", { model: "m", input: ["a", 1] }],
  ["model", { input: "a" }],
  ["encoding_format", { model: "m", input: "a", encoding_format: "hex" }],
  ["dimensions", { model: "m", input: "a", dimensions: "3" }],
])("`%s` that cannot be served is refused by name", (field, body) => {
  expect(() => protocol.readRequest(body)).toThrow(
    expect.objectContaining({ code: "invalid-request", message: expect.stringContaining(`\`${field}\``) }),
  );
});

test("vectors are numbers, or base64 of little-endian floats, as OpenAI writes them", () => {
  const written = protocol.writeResult(result, protocol.readRequest({ model: "m", input: ["a", "b"] }));
  expect(written).toEqual({
    object: "list",
    data: [
      { object: "embedding", index: 0, embedding: [1, -0.5, 0.25] },
      { object: "embedding", index: 1, embedding: [0, 2, 4] },
    ],
    model: "embed-1",
    usage: { prompt_tokens: 5, total_tokens: 5 },
  });
  const asked = protocol.readRequest({ model: "m", input: ["a", "b"], encoding_format: "base64" });
  const encoded = protocol.writeResult(result, asked) as { data: { embedding: string }[] };
  expect(encoded.data[0]!.embedding).toBe(Buffer.from(new Float32Array([1, -0.5, 0.25]).buffer).toString("base64"));
  for (const body of [written, encoded]) expect(schemas?.responseErrors("openai-embeddings", body) ?? []).toEqual([]);
});

test("vectors are read back as they were", () => {
  const vectors = fc.array(fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 4 }), { minLength: 1 });
  fc.assert(
    fc.property(vectors, fc.constantFrom("float", "base64"), (embeddings, encoding_format) => {
      const asked = protocol.readRequest({ model: "m", input: embeddings.map(() => "a"), encoding_format });
      const body = protocol.writeResult({ ...result, embeddings }, asked);
      const read = decodeEmbedding(body, { provider: "p", model: "m" }, {});
      expect(read).toEqual({ ...result, embeddings });
    }),
  );
});
