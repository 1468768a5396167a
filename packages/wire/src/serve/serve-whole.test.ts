import { ModelError, defineEmbeddingModel } from "@plugboard/core";
import type { EmbeddingRequest, EmbeddingResult } from "@plugboard/core";
import { expect, test } from "vitest";
import { serveWhole } from "./serve-whole.ts";
import type { ServedWhole } from "./served-whole.ts";

const protocol: ServedWhole<EmbeddingRequest, EmbeddingResult> = {
  name: "vectors",
  readRequest: (body) => ({ model: "m", request: { values: body as string[] } }),
  writeResult: ({ embeddings }) => embeddings.map((vector) => [...vector]),
  writeError: ({ code }) => ({ status: 418, headers: {}, body: { code } }),
};

const model = defineEmbeddingModel({
  provider: "test",
  id: "test",
  call: async ({ values }) => ({
    model: "test",
    embeddings: values.map((value) => [value.length]),
    usage: {},
    warnings: [{ code: "dropped", path: "dimensions", message: "It has one dimension." }],
  }),
});

test("an answer that comes whole is written with what was dropped", async () => {
  const answer = await serveWhole({ protocol, body: ["a", "bcd"], pick: () => (request) => model.embed(request) });
  expect(answer).toEqual({
    status: 200,
    headers: { "content-type": "application/json", "x-plugboard-warnings": "dropped dimensions" },
    body: "[[1],[3]]",
  });
});

test("a failure is an error of the protocol", async () => {
  const pick = (): never => {
    throw new ModelError("No such model.", { code: "not-found" });
  };
  await expect(serveWhole({ protocol, body: ["a"], pick })).resolves.toMatchObject({
    status: 418,
    body: '{"code":"not-found"}',
  });
});
