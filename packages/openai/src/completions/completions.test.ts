import { defineModel } from "@plugboard/core";
import type { Model, ModelRequest } from "@plugboard/core";
import { testProvider } from "@plugboard/testing/test-provider";
import { describe, expect, test } from "vitest";
import { codestral } from "../compatible/codestral.ts";
import { compatibleCompletion } from "../compatible/compatible-completion.ts";
import type { ChatFactory } from "../compatible/compatible.ts";
import { deepseek } from "../compatible/deepseek.ts";
import { groq } from "../compatible/groq.ts";
import { llamaCpp } from "../compatible/llama-cpp.ts";
import { vllm } from "../compatible/vllm.ts";
import { openai } from "../openai.ts";
import { completionSamples, fimSamples } from "./completions.samples.ts";
import { gapMarks } from "./gap-marks.ts";

const before = "function add(a, b) {\n  return ";
const after = "\n}\n";
const gap: ModelRequest = { messages: [{ role: "user", content: before }], suffix: after };

/** The same model, asked to fill a gap whatever it is asked. */
function filling(model: Model): Model {
  const { provider, id } = model;
  return defineModel({ provider, id, call: (request) => model.call({ ...request, suffix: after }) });
}

testProvider(
  "completions",
  ({ fetch, model }) => compatibleCompletion(vllm.dialect)(model, { fetch, apiKey: "key" }),
  completionSamples,
);
testProvider(
  "a chat model that fills in the middle",
  ({ fetch, model }) => filling(deepseek(model, { fetch, apiKey: "key" })),
  completionSamples,
);
testProvider("Codestral", ({ fetch, model }) => filling(codestral(model, { fetch, apiKey: "key" })), [
  ...fimSamples,
  ...completionSamples.filter(({ name }) => name.includes("without-choices")),
]);

/** What a model of a vendor sends for a request, and the warnings of its answer. */
async function sentBy(
  factory: ChatFactory | typeof openai,
  id: string,
  request: ModelRequest = gap,
  catalogId?: string,
): Promise<{ readonly url: string; readonly body: unknown; readonly warnings: unknown }> {
  const sent: { url: string; body: unknown }[] = [];
  const fetch: typeof globalThis.fetch = async (...parts) => {
    const asked = new Request(...parts);
    sent.push({ url: asked.url, body: await asked.json() });
    return Response.json({
      model: id,
      choices: [{ index: 0, text: "a + b", message: { content: "hi" }, finish_reason: "stop" }],
    });
  };
  const model = factory(id, { fetch, apiKey: "k", ...(catalogId !== undefined && { catalogId }) });
  const { warnings } = request.stream ? await (await model.stream(request)).result() : await model.generate(request);
  return { ...sent[0]!, warnings };
}

describe("a gap is sent", () => {
  test("to DeepSeek's beta, while a question goes to its chat", async () => {
    expect(await sentBy(deepseek, "deepseek-chat")).toMatchObject({
      url: "https://api.deepseek.com/beta/completions",
      body: { model: "deepseek-chat", prompt: before, suffix: after },
    });
    expect(await sentBy(deepseek, "deepseek-chat", { messages: gap.messages })).toMatchObject({
      url: "https://api.deepseek.com/chat/completions",
      body: { messages: [{ role: "user", content: before }] },
    });
  });

  test("to Mistral in its words", async () => {
    const request = { ...gap, seed: 7, maxOutputTokens: 64, stop: ["\n\n"], presencePenalty: 1, temperature: 0 };
    expect(await sentBy(codestral, "codestral-latest", request)).toStrictEqual({
      url: "https://api.mistral.ai/v1/fim/completions",
      body: {
        model: "codestral-latest",
        prompt: before,
        suffix: after,
        max_tokens: 64,
        temperature: 0,
        stop: ["\n\n"],
        random_seed: 7,
      },
      warnings: [{ code: "dropped", path: "presencePenalty", message: expect.any(String) }],
    });
  });

  test("to servers that know no suffix between the marks of the model's family, by id or by catalogue name", async () => {
    const qwen = `<|fim_prefix|>${before}<|fim_suffix|>${after}<|fim_middle|>`;
    expect((await sentBy(vllm, "Qwen/Qwen2.5-Coder-7B")).body).toStrictEqual({
      model: "Qwen/Qwen2.5-Coder-7B",
      prompt: qwen,
    });
    expect((await sentBy(llamaCpp, "model.gguf", gap, "qwen2.5-coder")).body).toMatchObject({ prompt: qwen });
    await expect(sentBy(vllm, "Llama-3.3-70B")).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("Qwen Coder, CodeGemma"),
    });
  });

  test("with the options of the caller last, and the stream's usage asked for", async () => {
    const request = { ...gap, stream: true, providerOptions: { deepseek: { echo: true } } };
    expect((await sentBy(deepseek, "deepseek-chat", request)).body).toStrictEqual({
      model: "deepseek-chat",
      prompt: before,
      suffix: after,
      stream: true,
      stream_options: { include_usage: true },
      echo: true,
    });
  });

  test("without what has no place beside it, which is said", async () => {
    const messages = [{ role: "system", content: "Be brief." } as const, ...gap.messages];
    const request = { ...gap, messages, tools: [{ name: "f", input: {} }], topK: 3, seed: 1 };
    const { body, warnings } = await sentBy(deepseek, "deepseek-chat", request);
    expect(body).toStrictEqual({ model: "deepseek-chat", prompt: before, suffix: after });
    expect(warnings).toMatchObject([{ path: "messages[0]" }, { path: "tools" }, { path: "seed" }, { path: "topK" }]);
  });
});

test.each<[string, ChatFactory | typeof openai, string]>([
  ["a vendor that fills nothing in", groq, "llama-3.3-70b"],
  ["a model of OpenAI that only chats", openai, "gpt-4o"],
  ["DeepSeek's reasoner", deepseek, "deepseek-reasoner"],
])("%s refuses a suffix, and is sent nothing", async (_, factory, id) => {
  await expect(sentBy(factory, id)).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringContaining("suffix"),
  });
});

test("a base model continues a text that has no gap", async () => {
  const base = compatibleCompletion(vllm.dialect);
  expect(
    await sentBy(base, "any", { messages: [{ role: "user", content: "Once upon" }], maxOutputTokens: 9 }),
  ).toMatchObject({
    url: "http://localhost:8000/v1/completions",
    body: { model: "any", prompt: "Once upon", max_tokens: 9 },
  });
});

test("the marks of a family are those of its model card", () => {
  const marked = (model: string): string | undefined => gapMarks.mark("A", "B", model);
  expect(marked("bigcode/starcoder2-15b")).toBe("<fim_prefix>A<fim_suffix>B<fim_middle>");
  expect(marked("ibm-granite/granite-8b-code-base")).toBe("<fim_prefix>A<fim_suffix>B<fim_middle>");
  expect(marked("deepseek-ai/deepseek-coder-6.7b-base")).toBe("<｜fim▁begin｜>A<｜fim▁hole｜>B<｜fim▁end｜>");
  expect(marked("codellama/CodeLlama-7b-hf")).toBe("<PRE> A <SUF>B <MID>");
  expect(marked("google/codegemma-7b")).toBe("<|fim_prefix|>A<|fim_suffix|>B<|fim_middle|>");
  expect(marked("mistralai/Codestral-22B-v0.1")).toBe("[SUFFIX]B[PREFIX]A");
  expect(marked("Qwen/Qwen3-Coder-30B-A3B")).toBe("<|fim_prefix|>A<|fim_suffix|>B<|fim_middle|>");
  expect(marked("meta-llama/Llama-3.3-70B")).toBeUndefined();
  expect(gapMarks.families).toHaveLength(7);
});
