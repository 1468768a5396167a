import { defineModel } from "@plugboard/core";
import type { ModelRequest } from "@plugboard/core";
import { testProvider } from "@plugboard/testing/test-provider";
import { expect, test } from "vitest";
import { ollama } from "../ollama.ts";
import { encodeGenerate } from "./encode.ts";
import { generateSamples } from "./generate.samples.ts";

const baseURL = "http://127.0.0.1:11434";
const gap: ModelRequest = {
  messages: [{ role: "user", content: "def compute_gcd(a, b):" }],
  suffix: "    return result",
};

testProvider(
  "ollama filling in the middle",
  ({ fetch, model }) => {
    const { call, provider, id } = ollama(model, { fetch, baseURL });
    return defineModel({ provider, id, call: (request) => call({ ...request, suffix: "    return result" }) });
  },
  generateSamples,
);

test("a suffix goes to /api/generate, with the last message before it", async () => {
  const urls: string[] = [];
  const fetch: typeof globalThis.fetch = async (...parts) => {
    const request = new Request(...parts);
    urls.push(request.url);
    expect(await request.json()).toStrictEqual({
      model: "codellama:code",
      prompt: "def compute_gcd(a, b):",
      suffix: "    return result",
      stream: false,
      options: { num_predict: 64, temperature: 0 },
    });
    return Response.json({ model: "m", response: "x", done: true });
  };
  await ollama("codellama:code", { fetch, baseURL }).generate({ ...gap, temperature: 0, maxOutputTokens: 64 });
  expect(urls).toEqual([`${baseURL}/api/generate`]);
});

test("what has no place beside it is left out with a warning; the options of the caller have the last word", () => {
  const request: ModelRequest = {
    ...gap,
    messages: [{ role: "system", content: "Be brief." }, ...gap.messages],
    output: {},
    providerOptions: { ollama: { keep_alive: "10m", raw: true } },
  };
  const { body, warnings } = encodeGenerate("m", request, "    return result");
  expect(body).toStrictEqual({
    model: "m",
    prompt: "def compute_gcd(a, b):",
    suffix: "    return result",
    stream: false,
    keep_alive: "10m",
    raw: true,
  });
  expect(warnings).toMatchObject([{ path: "messages[0]" }, { path: "output" }]);
});
