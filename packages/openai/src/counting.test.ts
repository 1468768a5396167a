import type { CountingModel, JsonObject, ModelRequest } from "@plugboard/core";
import { describe, expect, test } from "vitest";
import { moonshot } from "./compatible/moonshot.ts";
import { vllm } from "./compatible/vllm.ts";
import { zai } from "./compatible/zai.ts";
import { openaiResponses } from "./responses/openai-responses.ts";

const request: ModelRequest = {
  messages: [
    { role: "system", content: "Be short." },
    { role: "user", content: "Hello" },
  ],
  tools: [{ name: "look.up", input: { type: "object", properties: {} } }],
  toolChoice: { name: "look.up" },
  output: { schema: { type: "object", properties: {} } },
  maxOutputTokens: 100,
  temperature: 0.5,
  stream: true,
};

/** What is sent for a count, and what comes of the answer. */
async function counted(
  make: (options: { readonly fetch: typeof fetch; readonly apiKey: string }) => CountingModel,
  answer: JsonObject,
  asked: ModelRequest | string = request,
): Promise<{ readonly url: string; readonly headers: Headers; readonly body: JsonObject; readonly count: unknown }> {
  const sent: Request[] = [];
  const fetch: typeof globalThis.fetch = async (...parts) => {
    sent.push(new Request(...parts));
    return Response.json(answer);
  };
  const count = await make({ fetch, apiKey: "k" }).countTokens(asked);
  const { url, headers } = sent[0]!;
  return { url, headers, body: (await sent[0]!.json()) as JsonObject, count };
}

describe("OpenAI counts", () => {
  const answer = { object: "response.input_tokens", input_tokens: 42 };

  test("what would be sent, without what is only about the answer", async () => {
    const { url, headers, body, count } = await counted((options) => openaiResponses("gpt-4.1", options), answer);
    expect(count).toStrictEqual({ tokens: 42, bound: "exact" });
    expect(url).toBe("https://api.openai.com/v1/responses/input_tokens");
    expect(headers.get("authorization")).toBe("Bearer k");
    const planned = await openaiResponses("gpt-4.1").plan(request);
    const { store: _, stream: __, max_output_tokens: ___, temperature: ____, ...rest } = planned.body;
    expect(body).toStrictEqual(rest);
    expect(Object.keys(body)).toStrictEqual(["model", "input", "text", "tools", "tool_choice"]);
  });

  test("what it keeps of a conversation, and the thoughts that are asked for", async () => {
    const going: ModelRequest = {
      messages: [{ role: "user", content: "And now?" }],
      reasoning: "low",
      providerOptions: { openai: { previous_response_id: "resp_1", truncation: "auto" } },
    };
    const { body } = await counted((options) => openaiResponses("gpt-5", options), answer, going);
    expect(body).toMatchObject({ previous_response_id: "resp_1", truncation: "auto", reasoning: { effort: "low" } });
    expect(body).not.toHaveProperty("include");
  });

  test("or the answer is refused", async () => {
    const model = (options: { readonly fetch: typeof fetch }): CountingModel =>
      openaiResponses("gpt-5", { ...options, apiKey: "k" });
    await expect(counted(model, { input_tokens: "many" }, "Hi")).rejects.toMatchObject({
      code: "parse",
      provider: "openai",
      message: expect.stringContaining("input_tokens") as unknown,
    });
    await expect(counted(model, answer, { messages: [] })).rejects.toMatchObject({ code: "invalid-request" });
  });

  test("until the deadline, though a count is no attempt", async () => {
    const fetch: typeof globalThis.fetch = (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal!.reason as Error));
      });
    const late = openaiResponses("gpt-5", { apiKey: "k", fetch }).countTokens({ ...request, deadline: Date.now() + 5 });
    await expect(late).rejects.toMatchObject({ code: "timeout", phase: "total" });
  });

  test("under the failures of the protocol", async () => {
    const fetch: typeof globalThis.fetch = async () =>
      Response.json({ error: { message: "no", code: "model_not_found" } }, { status: 400 });
    await expect(openaiResponses("gpt-0", { apiKey: "k", fetch }).countTokens("Hi")).rejects.toMatchObject({
      code: "not-found",
      model: "gpt-0",
    });
  });
});

describe("vLLM counts", () => {
  const answer = { count: 17, max_model_len: 8192, tokens: [1, 2] };

  test("a conversation in the model's own template, beside its /v1", async () => {
    const { url, body, count } = await counted((options) => vllm("Qwen/Qwen3-8B", options), answer);
    expect(count).toStrictEqual({ tokens: 17, bound: "exact" });
    expect(url).toBe("http://localhost:8000/tokenize");
    expect(Object.keys(body)).toStrictEqual(["model", "messages", "tools", "add_generation_prompt"]);
    expect(body).toMatchObject({ model: "Qwen/Qwen3-8B", messages: [{ role: "system" }, { role: "user" }] });
  });

  test("no pictures", async () => {
    const image = { type: "file", mediaType: "image/png", data: new Uint8Array([1]) } as const;
    const asked: ModelRequest = { messages: [{ role: "user", content: [{ type: "text", text: "What?" }, image] }] };
    await expect(counted((options) => vllm("m", options), answer, asked)).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("messages[0]") as unknown,
    });
  });

  test("without a key where the server wants none", async () => {
    const { headers } = await counted(
      ({ fetch }) => vllm("m", { fetch, baseURL: "http://127.0.0.1:9/v1" }),
      answer,
      "Hi",
    );
    expect(headers.has("authorization")).toBe(false);
  });
});

// Answers as https://platform.kimi.ai/docs/api/estimate and https://docs.z.ai/api-reference/tools/tokenizer show them.
describe("vendors count", () => {
  const image = { type: "file", mediaType: "image/png", data: new Uint8Array([1]) } as const;
  const asked: ModelRequest = { messages: [{ role: "user", content: [{ type: "text", text: "What?" }, image] }] };

  test("Moonshot, with pictures, as an estimate", async () => {
    const answer = { data: { total_tokens: 80 } };
    const { url, headers, body, count } = await counted((options) => moonshot("kimi-k2.5", options), answer, asked);
    expect(url).toBe("https://api.moonshot.ai/v1/tokenizers/estimate-token-count");
    expect(headers.get("authorization")).toBe("Bearer k");
    expect(Object.keys(body)).toStrictEqual(["model", "messages"]);
    expect(count).toStrictEqual({ tokens: 80, bound: { error: 0.01 } });
  });

  test("Moonshot, but no tools", async () => {
    const { tools } = request;
    const refused = counted(
      (options) => moonshot("kimi-k2.5", options),
      { data: { total_tokens: 80 } },
      { ...asked, tools: tools! },
    );
    await expect(refused).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("tools") as unknown,
    });
  });

  test("Z.AI, tools too", async () => {
    const answer = { usage: { prompt_tokens: 120, image_tokens: 3, total_tokens: 123 } };
    const { url, body, count } = await counted((options) => zai("glm-4.6", options), answer);
    expect(url).toBe("https://api.z.ai/api/paas/v4/tokenizer");
    expect(Object.keys(body)).toStrictEqual(["model", "messages", "tools"]);
    expect(count).toStrictEqual({ tokens: 123, bound: "exact" });
  });

  test("or the answer is refused, where the count stands in nothing", async () => {
    await expect(counted((options) => zai("glm-4.6", options), { id: "1" }, "Hi")).rejects.toMatchObject({
      code: "parse",
      provider: "zai",
    });
  });
});
