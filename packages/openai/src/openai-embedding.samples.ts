import type { EmbeddingSample, ExpectedEmbeddings } from "@plugboard/testing";

// Written from OpenAI's API reference (embeddings, error codes); November 2026.

const call = { model: "text-embedding-3-small", values: ["a river", "a mountain"] } as const;

interface Parts {
  readonly name: string;
  readonly expected: ExpectedEmbeddings;
  readonly exercises?: readonly string[];
}

function sample(body: object, { name, expected, exercises = [] }: Parts, status = 200): EmbeddingSample {
  return {
    name,
    call,
    status,
    headers: { "content-type": "application/json" },
    body: new TextEncoder().encode(JSON.stringify(body, undefined, 2)),
    expected,
    exercises,
  };
}

function answer(data: readonly object[], more: object = {}): object {
  const usage = { prompt_tokens: 5, total_tokens: 5 };
  return { object: "list", data, model: "text-embedding-3-small", usage, ...more };
}

function item(index: number, embedding: readonly number[] | string): object {
  return { object: "embedding", index, embedding };
}

const expected = {
  embeddings: { count: 2, dimensions: 3, first: [1, -0.5, 0.25] },
  usage: { inputTokens: 5 },
} as const;

export const openaiEmbeddingSamples: readonly EmbeddingSample[] = [
  sample(answer([item(0, [1, -0.5, 0.25]), item(1, [0, 0.125, -2])]), { name: "embed-floats", expected }),
  // The bytes of 1, -0.5 and 0.25 as 32-bit floats: 0000803f 000000bf 0000803e.
  sample(answer([item(0, "AACAPwAAAL8AAIA+"), item(1, "AAAAAAAAAD4AAADA")]), {
    name: "embed-base64",
    expected,
    exercises: ["base64"],
  }),
  sample(answer([item(1, [0, 0.125, -2]), item(0, [1, -0.5, 0.25])]), { name: "embed-out-of-order", expected }),
  sample(answer([{ embedding: [1, -0.5, 0.25] }, { embedding: [0, 0.125, -2] }], { model: undefined }), {
    name: "embed-without-index-and-model",
    expected,
  }),
  sample(answer([item(0, [1])]), { name: "embed-one-missing", expected: { error: { kind: "parse" } } }),
  sample(answer([item(1, [1]), item(1, [2])]), { name: "embed-one-twice", expected: { error: { kind: "parse" } } }),
  sample(answer([item(0, [1]), item(7, [2])]), { name: "embed-index-beyond", expected: { error: { kind: "parse" } } }),
  sample(answer([item(0, "AACAPwA="), item(1, [2])]), {
    name: "embed-cut-base64",
    expected: { error: { kind: "parse" } },
  }),
  sample({ object: "list" }, { name: "embed-no-data", expected: { error: { kind: "parse" } } }),
  sample(
    { error: { message: "The server had an error.", type: "server_error", param: null, code: null } },
    { name: "embed-error-with-200", expected: { error: { kind: "server" } } },
  ),
  sample(
    {
      error: {
        message: "This model's maximum context length is 8192 tokens, however you requested 9001 tokens.",
        type: "invalid_request_error",
        param: null,
        code: null,
      },
    },
    { name: "embed-400-too-long", expected: { error: { kind: "context-length", status: 400, retryable: false } } },
    400,
  ),
  sample(
    {
      error: {
        message: "Incorrect API key provided.",
        type: "invalid_request_error",
        param: null,
        code: "invalid_api_key",
      },
    },
    { name: "embed-401", expected: { error: { kind: "auth", status: 401 } } },
    401,
  ),
];
