import { anthropic } from "@plugboard/anthropic";
import { bedrock } from "@plugboard/bedrock";
import { cohere } from "@plugboard/cohere";
import { google } from "@plugboard/google";
import { azure, openai } from "@plugboard/openai";
import { deepseek, groq, mistral, openrouter, xai } from "@plugboard/openai/compatible";
import { openaiResponses } from "@plugboard/openai/responses";
import { recordedSamples } from "@plugboard/recordings";
import type { ProviderSample } from "@plugboard/testing";
import { describe, expect, test } from "vitest";
import { catalog, cost } from "./index.ts";
import type { Model, ModelPrices, ModelResult, Notice } from "./index.ts";

// What recorded answers cost, worked out by hand: tokens from the recorded body times nano-dollars a token, which are a thousand times
// the US dollars per million tokens that the price pages say. Catalogue of 2026-07-02.

type Fetch = typeof globalThis.fetch;
interface Golden {
  readonly case: `${string}/${string}`;
  readonly create: (model: string, fetch: Fetch) => Model;
  /** Where the catalogue has no price of the model that was recorded. */
  readonly prices?: ModelPrices;
  readonly components: Readonly<Record<string, number>>;
  readonly total: number;
}

const apiKey = "key";
const keys = { accessKeyId: "AKIA", secretAccessKey: "secret" };
const claude37: ModelPrices = { input: 3, output: 15, cachedInput: 0.3, cacheWrite5m: 3.75 };

const goldens: readonly Golden[] = [
  {
    case: "openai-chat/stream-length-usage-only-chunk-01", // 1,420 of which 1,280 cached, 100
    create: (id, fetch) => openai(id, { apiKey, fetch }),
    components: { input: 140 * 2500, cachedInput: 1280 * 1250, output: 100 * 10_000 },
    total: 2_950_000,
  },
  {
    case: "openai-chat/stream-length-reasoning-usage-01", // 13, 50, all of it thought
    create: (id, fetch) => openai(id, { apiKey, fetch }),
    components: { input: 13 * 250, output: 50 * 2000 },
    total: 103_250,
  },
  {
    case: "openai-responses/stream-cached-usage-01", // 1,515 of which 1,390 cached, 8
    create: (id, fetch) => openaiResponses(id, { apiKey, fetch }),
    components: { input: 125 * 2500, cachedInput: 1390 * 1250, output: 8 * 10_000 },
    total: 2_130_000,
  },
  {
    case: "azure/stream-tool-no-args-tool-single-01", // 205 of which 159 cached, 18
    create: (id, fetch) => azure(id, { apiKey, fetch, endpoint: "https://resource.openai.azure.com" }),
    components: { input: 46 * 200, cachedInput: 159 * 50, output: 18 * 500 },
    total: 26_150,
  },
  {
    case: "anthropic/stream-cache-write-usage-01", // 4, 1,167 written to the cache, 289
    create: (id, fetch) => anthropic(id, { apiKey, fetch }),
    prices: { input: 3, output: 15, cacheWrite5m: 3.75 },
    components: { input: 4 * 3000, cacheWrite5m: 1167 * 3750, output: 289 * 15_000 },
    total: 8_723_250,
  },
  {
    case: "anthropic/unary-cached-usage-01", // 21, 1,733 cached, 568
    create: (id, fetch) => anthropic(id, { apiKey, fetch }),
    components: { input: 21 * 3000, cachedInput: 1733 * 300, output: 568 * 15_000 },
    total: 9_102_900,
  },
  {
    case: "anthropic/unary-server-tool-reasoning-signature-02", // 6, 20,443 cached, 574 written for five minutes, 489
    create: (id, fetch) => anthropic(id, { apiKey, fetch }),
    components: { input: 6 * 2000, cachedInput: 20_443 * 200, cacheWrite5m: 574 * 2500, output: 489 * 10_000 },
    total: 10_425_600,
  },
  {
    case: "google/unary-reasoning-usage-cached-usage-01", // 3,797 of which 3,055 cached, 656 and 1,549 thought
    create: (id, fetch) => google(id, { apiKey, fetch }),
    components: { input: 742 * 300, cachedInput: 3055 * 30, output: 2205 * 2500 },
    total: 5_826_750,
  },
  {
    case: "mistral/stream-cached-usage-01", // 352 of which 320 cached, 42
    create: (id, fetch) => mistral(id, { apiKey, fetch }),
    prices: { cachedInput: 0.015 },
    components: { input: 32 * 150, cachedInput: 320 * 15, output: 42 * 600 },
    total: 34_800,
  },
  {
    case: "bedrock/stream-cache-write-usage-01", // 11, 1,028 written, 236
    create: (id, fetch) => bedrock(id, { region: "us-east-1", ...keys, fetch }),
    prices: claude37,
    components: { input: 11 * 3000, cacheWrite5m: 1028 * 3750, output: 236 * 15_000 },
    total: 7_428_000,
  },
  {
    case: "bedrock/stream-cached-usage-01", // 12, 1,028 cached, 250
    create: (id, fetch) => bedrock(id, { region: "us-east-1", ...keys, fetch }),
    prices: claude37,
    components: { input: 12 * 3000, cachedInput: 1028 * 300, output: 250 * 15_000 },
    total: 4_094_400,
  },
  {
    case: "deepseek/unary-reasoning-reasoning-usage-02", // 495 of which 320 cached, at 2.8 each; 144
    create: (id, fetch) => deepseek(id, { apiKey, fetch }),
    components: { input: 175 * 140, cachedInput: 896, output: 144 * 280 },
    total: 65_716,
  },
  {
    case: "groq/unary-reasoning-reasoning-usage-01", // 336 of which 256 cached, 96
    create: (id, fetch) => groq(id, { apiKey, fetch }),
    components: { input: 80 * 150, cachedInput: 256 * 75, output: 96 * 600 },
    total: 88_800,
  },
  {
    case: "xai/stream-tool-single-reasoning-01", // xAI says 1,330,500 ticks of 1e-10 dollars: 26 said and 196 thought
    create: (id, fetch) => xai(id, { apiKey, fetch }),
    prices: { input: 0.3, cachedInput: 0.075, output: 0.5 },
    components: { input: 300, cachedInput: 290 * 75, output: 222 * 500 },
    total: 133_050,
  },
  {
    case: "openrouter/unary-length-cached-usage-01", // OpenRouter says $0.00256995
    create: (id, fetch) => openrouter(id, { apiKey, fetch }),
    components: { input: 3000, cachedInput: 2569 * 300, cacheWrite5m: 79 * 3750, output: 100 * 15_000 },
    total: 2_569_950,
  },
];

async function answerOf(
  sample: ProviderSample,
  { create, prices }: Pick<Golden, "create" | "prices">,
): Promise<{ readonly result: ModelResult; readonly notices: readonly Notice[] }> {
  const { status, headers, body, mode, call } = sample;
  const fetch: Fetch = async () => new Response(body.slice(), { status, headers: { ...headers } });
  const bare = create(call.model, fetch);
  const overrides = prices ? { [bare.provider]: { [bare.id]: { prices } } } : {};
  const model = bare.with(cost(catalog({ overrides }).quote));
  const notices: Notice[] = [];
  const request = {
    messages: call.messages,
    ...(call.tools && { tools: call.tools }),
    notify: notices.push.bind(notices),
  };
  const result = mode === "generate" ? await model.generate(request) : await (await model.stream(request)).result();
  return { result, notices };
}

const folders = [...new Set(["cohere", ...goldens.map(({ case: name }) => name.split("/")[0]!)])];
const samples = new Map(recordedSamples(...folders).map((sample) => [sample.name, sample]));

/** The recording, or none where there are no recordings, which is said elsewhere. */
function recorded(name: string): readonly ProviderSample[] {
  const sample = samples.get(name);
  return sample ? [sample] : [];
}

test.each(goldens)("the sums written here add up: $case", ({ components, total }) => {
  expect(Object.values(components).reduce((sum, amount) => sum + amount, 0)).toBe(total);
});

describe.runIf(samples.size > 0)("a recorded answer costs what it comes to by hand", () => {
  const cases = goldens.flatMap((golden) =>
    recorded(golden.case).map((sample) => ({ case: golden.case, golden, sample })),
  );
  test.each(cases)("$case", async ({ sample, golden }) => {
    const { result } = await answerOf(sample, golden);
    expect(result.cost).toEqual({ total: golden.total, components: golden.components });
  });

  test.each(recorded("openai-responses/unary-server-tool-reasoning-encrypted-01"))(
    "a search that has no price makes the cost unknown, and is named",
    async (sample) => {
      const create: Golden["create"] = (id, fetch) => openaiResponses(id, { apiKey, fetch });
      const { result, notices } = await answerOf(sample, { create });
      expect(result).not.toHaveProperty("cost");
      expect(JSON.stringify(notices)).toContain("serverTools.web_search");
    },
  );

  test.each(recorded("cohere/stream-cached-usage-01"))(
    "a cache read without a price of its own makes the cost unknown, and is named",
    async (sample) => {
      const create: Golden["create"] = (id, fetch) => cohere(id, { apiKey, fetch });
      const { result, notices } = await answerOf(sample, { create });
      expect(result).not.toHaveProperty("cost");
      expect(JSON.stringify(notices)).toContain("cachedInput");
    },
  );
});
