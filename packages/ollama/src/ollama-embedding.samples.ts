import type { EmbeddingSample, ExpectedEmbeddings } from "@plugboard/testing";

// Written from Ollama's documentation (docs/api.md, docs/openapi.yaml of ollama/ollama, August 2026).

function sample(name: string, body: unknown, expected: ExpectedEmbeddings, status = 200): EmbeddingSample {
  return {
    name,
    call: { model: "all-minilm", values: ["Why is the sky blue?", "Why is the grass green?"] },
    status,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: new TextEncoder().encode(JSON.stringify(body)),
    expected,
    exercises: [],
  };
}

const embeddings = [
  [0.010071029, -0.0017594862, 0.05007221],
  [-0.0098027075, 0.06042469, 0.025257962],
];
const expected = { embeddings: { count: 2, dimensions: 3, first: embeddings[0]! } };

export const embeddingSamples: readonly EmbeddingSample[] = [
  sample(
    "embed-two",
    { model: "all-minilm", embeddings, total_duration: 14_143_917, load_duration: 1_019_500, prompt_eval_count: 8 },
    { ...expected, usage: { inputTokens: 8 } },
  ),
  sample("embed-without-counts-and-model", { embeddings }, expected),
  sample("embed-one-missing", { embeddings: [[1]] }, { error: { kind: "parse" } }),
  sample("embed-none", { embeddings: null }, { error: { kind: "parse" } }),
  sample("embed-words", { embeddings: [["a"], ["b"]] }, { error: { kind: "parse" } }),
  sample("embed-no-object", [], { error: { kind: "parse" } }),
  sample("embed-error-with-200", { error: "server busy, please try again." }, { error: { kind: "overloaded" } }),
  sample(
    "embed-400-too-long",
    { error: "the input length exceeds the context length" },
    { error: { kind: "context-length", status: 400, retryable: false } },
    400,
  ),
  sample(
    "embed-404",
    { error: 'model "nope" not found, try pulling it first' },
    { error: { kind: "not-found", status: 404 } },
    404,
  ),
];
