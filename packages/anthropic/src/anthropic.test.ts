import type { CountingModel, Json, ModelRequest } from "@plugboard/core";
import type { Sent } from "../test/listening.ts";
import type { AnthropicOptions } from "./anthropic.ts";
import { textOf } from "@plugboard/core";
import { recordedFaults, recordedSamples, validator } from "@plugboard/recordings";
import { testProvider } from "@plugboard/testing/test-provider";
import { describe, expect, test, vi } from "vitest";
import { listening, message } from "../test/listening.ts";
import { samples } from "../test/samples.ts";
import { anthropic } from "./anthropic.ts";

const schemas = await validator();

for (const [version, schema] of [
  ["2023-06-01", "anthropic-messages-2023-06-01"],
  ["2026-10-21", "anthropic-messages"],
] as const) {
  testProvider(
    `anthropic, API version ${version}`,
    ({ fetch, model }) => anthropic(model, { fetch, version, apiKey: "a-key" }),
    [...samples, ...recordedSamples("anthropic"), ...recordedFaults("anthropic")],
    { ...(schemas && { requestErrors: (body) => schemas.requestErrors(schema, body) }) },
  );
}

/** A model whose requests are kept, and answered with one body. */
function listeningModel(
  id: string,
  options: AnthropicOptions = {},
  content: Json = [{ type: "text", text: "Hi" }],
): { model: CountingModel; sent: Sent[] } {
  const { fetch, sent } = listening({ ...message, model: id, content });
  return { model: anthropic(id, { apiKey: "a-key", fetch, ...options }), sent };
}

describe("a call", () => {
  test("sends the key, the API version and the beta features in headers", async () => {
    const { model, sent } = listeningModel("claude-sonnet-4-6", { beta: ["one-2026-01-01", "two-2026-01-01"] });
    await model.generate("Hello");
    expect(sent[0]!.url).toBe("https://api.anthropic.com/v1/messages");
    expect(Object.fromEntries(sent[0]!.headers)).toMatchObject({
      "x-api-key": "a-key",
      "anthropic-version": "2023-06-01",
      "anthropic-beta": "one-2026-01-01,two-2026-01-01",
    });
    expect(sent[0]!.body).toEqual({
      model: "claude-sonnet-4-6",
      max_tokens: 16_000,
      messages: [{ role: "user", content: [{ type: "text", text: "Hello" }] }],
    });
  });

  test("goes to the base URL that is given", async () => {
    const { model, sent } = listeningModel("claude-sonnet-4-6", { baseURL: "https://proxy.example/anthropic/" });
    await model.generate("Hello");
    expect(sent[0]!.url).toBe("https://proxy.example/anthropic/v1/messages");
  });

  test("without a key is refused before anything is sent, and says which variable is missing", async () => {
    vi.stubEnv("ANTHROPIC_API_KEY", "");
    const fetch = vi.fn<typeof globalThis.fetch>();
    const model = anthropic("claude-sonnet-4-6", { fetch });
    await expect(model.generate("Hello")).rejects.toMatchObject({
      code: "auth",
      message: expect.stringContaining("ANTHROPIC_API_KEY"),
    });
    expect(fetch).not.toHaveBeenCalled();
    vi.unstubAllEnvs();
  });

  test("reads the key anew from the environment", async () => {
    const { sent, model } = listeningModel("claude-sonnet-4-6", {
      apiKey: () => process.env["ANTHROPIC_API_KEY"] ?? "",
    });
    vi.stubEnv("ANTHROPIC_API_KEY", "first");
    await model.generate("Hello");
    vi.stubEnv("ANTHROPIC_API_KEY", "second");
    await model.generate("Hello");
    vi.unstubAllEnvs();
    expect(sent.map(({ headers }) => headers.get("x-api-key"))).toEqual(["first", "second"]);
  });

  test("tells what it dropped in the warnings of the answer", async () => {
    const { model } = listeningModel("claude-sonnet-4-6");
    const { warnings } = await model.generate({ messages: [{ role: "user", content: "Hello" }], seed: 1 });
    expect(warnings).toEqual([{ code: "dropped", path: "seed", message: expect.stringContaining("seed") }]);
  });

  test("asks for a stream when the answer may be too long for one body", async () => {
    const { model, sent } = listeningModel("claude-sonnet-4-6");
    await model.generate({ messages: [{ role: "user", content: "Hello" }], maxOutputTokens: 64_000 });
    expect(sent[0]!.body).toMatchObject({ stream: true, max_tokens: 64_000 });
  });

  test("has the name of its tool back, whatever Anthropic had to call it", async () => {
    const content = [{ type: "tool_use", id: "toolu_1", name: "weather_today", input: {} }];
    const { model, sent } = listeningModel("claude-sonnet-4-6", {}, content);
    const request: ModelRequest = {
      messages: [{ role: "user", content: "?" }],
      tools: [{ name: "weather.today", input: { type: "object" } }],
    };
    const result = await model.generate(request);
    expect(sent[0]!.body).toMatchObject({ tools: [{ name: "weather_today" }] });
    expect(result.content).toMatchObject([{ type: "tool-call", name: "weather.today" }]);
  });

  test("gives the answer of a schema that Anthropic cannot hold as text, though a tool stands for it", async () => {
    const content = [{ type: "tool_use", id: "toolu_1", name: "output", input: { value: [1, 2] } }];
    const { model, sent } = listeningModel("claude-sonnet-4-0", {}, content);
    const result = await model.generate({
      messages: [{ role: "user", content: "?" }],
      output: { schema: { type: "array", items: { type: "number" } } },
    });
    expect(sent[0]!.body).toMatchObject({ tool_choice: { type: "tool", name: "output" } });
    expect(textOf(result)).toBe("[1,2]");
    expect(result.finishReason).toBe("stop");
  });

  test("keeps answers apart by base URL, API version and beta features", () => {
    const prints = [{}, { version: "2026-10-21" as const }, { baseURL: "https://proxy.example" }, { beta: ["x"] }].map(
      (options) => anthropic("claude-sonnet-4-6", options).fingerprint,
    );
    expect(new Set(prints).size).toBe(4);
  });
});

describe("counting tokens", () => {
  const mark = { type: "ephemeral" };

  test("sends what the model would read, and nothing of how it is to answer", async () => {
    const { fetch, sent } = listening({ input_tokens: 42 });
    const model = anthropic("claude-sonnet-4-6", { apiKey: "a-key", fetch, version: "2026-10-21" });
    const count = await model.countTokens({
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hello" },
      ],
      tools: [{ name: "now", input: { type: "object" } }],
      reasoning: "low",
      stop: ["END"],
      maxOutputTokens: 50_000,
      providerOptions: {
        anthropic: { metadata: { user_id: "u" }, mcp_servers: [], speed: "fast", cache_control: mark },
      },
    });
    expect(count).toEqual({ tokens: 42, bound: { error: expect.any(Number) } });
    expect(sent[0]!.url).toBe("https://api.anthropic.com/v1/messages/count_tokens");
    expect(Object.fromEntries(sent[0]!.headers)).toMatchObject({
      "x-api-key": "a-key",
      "anthropic-version": "2026-10-21",
    });
    expect(sent[0]!.body).toEqual({
      model: "claude-sonnet-4-6",
      system: "Be brief.",
      messages: [{ role: "user", content: [{ type: "text", text: "Hello" }] }],
      tools: [{ name: "now", input_schema: { type: "object" } }],
      thinking: { type: "adaptive" },
      output_config: { effort: "low" },
      speed: "fast",
      cache_control: mark,
    });
  });

  test("sends members of beta features where one is on", async () => {
    const { fetch, sent } = listening({ input_tokens: 42 });
    const model = anthropic("claude-sonnet-4-6", { apiKey: "a-key", fetch, beta: ["mcp-client-2025-11-20"] });
    const mcp_servers = [{ type: "url", url: "https://a.example", name: "a" }];
    await model.countTokens({
      messages: [{ role: "user", content: "Hello" }],
      providerOptions: { anthropic: { mcp_servers } },
    });
    expect(sent[0]!.body).toMatchObject({ mcp_servers });
    expect(sent[0]!.headers.get("anthropic-beta")).toBe("mcp-client-2025-11-20");
  });

  test("fails on an answer without a count", async () => {
    const model = anthropic("claude-sonnet-4-6", { apiKey: "a-key", fetch: listening({}).fetch });
    await expect(model.countTokens("Hello")).rejects.toMatchObject({ code: "parse", provider: "anthropic" });
  });
});
