import { anthropic, vertexAnthropic } from "@plugboard/anthropic";
import { bedrock } from "@plugboard/bedrock";
import { cohere } from "@plugboard/cohere";
import type { Json, JsonObject, ModelRequest, ProviderModel } from "@plugboard/core";
import { google } from "@plugboard/google";
import { azure, openai } from "@plugboard/openai";
import { openaiResponses } from "@plugboard/openai/responses";
import { describe, expect, test } from "vitest";
import { ModelReply, defineModel, promptCache } from "./index.ts";
import type { Message, Middleware, PromptCacheOptions, RequestPlan } from "./index.ts";

const long = "word ".repeat(2000);
const request: ModelRequest = {
  messages: [
    { role: "system", content: long },
    { role: "user", content: "What is the weather?" },
    { role: "assistant", content: [{ type: "tool-call", id: "call_1", name: "look", input: {} }] },
    { role: "tool", content: [{ type: "tool-result", id: "call_1", name: "look", output: "Rain." }] },
  ],
  tools: [
    { name: "see", input: { type: "object" } },
    { name: "look", description: long, input: { type: "object" } },
  ],
};
const apiKey = "key-1234";
const access = { apiKey, region: "eu-central-1" };

/** What an adapter would send of a request that has passed through the layer, in front of it or of a row that it is in. */
async function planned(
  adapter: ProviderModel,
  options: PromptCacheOptions = {},
  beside: readonly ProviderModel[] = [],
): Promise<RequestPlan> {
  let seen: ModelRequest | undefined;
  const keep: Middleware = () => async (request) => {
    seen = request;
    return ModelReply.of({ model: "m", content: [], finishReason: "stop", usage: {}, warnings: [] });
  };
  const models = [adapter, ...beside];
  const row = defineModel({ provider: "plugboard", id: "row", models, call: adapter.call });
  await (beside.length > 0 ? row : adapter).with(promptCache(options), keep).generate(request);
  return adapter.plan(seen!);
}

/** Every object in a body that has a member of that name, with it. */
function withMember(value: Json | undefined, name: string): JsonObject[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap((item) => withMember(item as Json, name));
  return name in value ? [value as JsonObject, ...inner] : inner;
}

const times = (count: number, value: JsonObject): JsonObject[] => Array.from({ length: count }, () => value);

const claude = anthropic("claude-sonnet-4-5", { apiKey });
const nova = bedrock("eu.amazon.nova-pro-v1:0", access);

describe("on the wire", () => {
  test.each([
    ["Anthropic", claude],
    ["Vertex", vertexAnthropic("claude-sonnet-4-5", { token: "token", project: "p", location: "global" })],
  ])(
    "Claude at %s finds its marks at the end of tools, system and both turns, with the time to keep them",
    async (_, adapter) => {
      const { body, warnings } = await planned(adapter, { ttl: "1h" });
      const marked = withMember(body, "cache_control");
      expect(marked.map((block) => block["cache_control"])).toEqual(times(4, { type: "ephemeral", ttl: "1h" }));
      expect(marked.map(({ type, name }) => type ?? name)).toEqual(
        expect.arrayContaining(["look", "text", "tool_result"]),
      );
      expect(withMember(body["system"], "cache_control")).toHaveLength(1);
      expect(warnings).toEqual([]);
    },
  );

  test("Claude through Converse finds points, behind tools too, and Nova none there", async () => {
    const { body, warnings } = await planned(bedrock("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", access), {
      ttl: "1h",
    });
    expect(withMember(body, "cachePoint")).toEqual(times(4, { cachePoint: { type: "default", ttl: "1h" } }));
    expect(withMember(body["toolConfig"], "cachePoint")).toHaveLength(1);
    expect(warnings).toEqual([]);
    const { body: novas } = await planned(nova, { ttl: "1h" });
    expect(withMember(novas, "cachePoint")).toEqual(times(3, { cachePoint: { type: "default" } }));
    expect(withMember(novas["toolConfig"], "cachePoint")).toEqual([]);
  });

  const others: readonly [string, ProviderModel][] = [
    ["OpenAI", openai("gpt-4o", { apiKey })],
    ["OpenAI's responses", openaiResponses("gpt-4o", { apiKey })],
    ["Google", google("gemini-2.5-flash", { apiKey })],
    ["Cohere", cohere("command-a-03-2025", { apiKey })],
    ["Llama on Bedrock", bedrock("us.meta.llama3-3-70b-instruct-v1:0", access)],
  ];
  test.each(others)(
    "%s is sent what it would be sent without, and warns of nothing, also beside Claude",
    async (_, adapter) => {
      const bare = await adapter.plan(request);
      for (const beside of [[], [claude]]) expect(await planned(adapter, {}, beside)).toEqual(bare);
    },
  );

  test("OpenAI is told the key", async () => {
    const { body } = await planned(openai("gpt-4o", { apiKey }), { key: () => "tenant a" });
    expect(body["prompt_cache_key"]).toBe("tenant a");
    const bare = await azure("our-own", { apiKey, endpoint: "https://x.openai.azure.com" }).plan(request);
    expect(bare.body["prompt_cache_key"]).toBeUndefined();
    const plan = await planned(azure("our-own", { apiKey, endpoint: "https://x.openai.azure.com" }), {
      key: () => "b",
    });
    expect(plan.body["prompt_cache_key"]).toBe("b");
  });
});

test("what is saved is reckoned with the catalogue's prices", async () => {
  const prompts = promptCache();
  const usage = { input: 10_000, output: 10, cachedInput: 9000 };
  const messages: Message[] = [{ role: "user", content: "Why?" }];
  const model = defineModel({
    provider: "anthropic",
    id: "claude-sonnet-4-5",
    call: async () =>
      ModelReply.of({ model: "claude-sonnet-4-5", content: [], finishReason: "stop", usage, warnings: [] }),
  });
  await model.with(prompts).generate({ messages });
  // $3 a million tokens, $0.30 of those read from the cache: 2,700 nano-dollars saved on each.
  expect(prompts.stats()).toMatchObject({ hitRate: 0.9, saved: 9000 * 2700, unpriced: 0 });
});
