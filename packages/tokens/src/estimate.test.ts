import { existsSync, readFileSync, readdirSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { FunctionTool, JsonObject, Message, Prompt } from "@plugboard/core";
import { recordedSamples, sharedPath } from "@plugboard/recordings";
import { expect, test } from "vitest";
import { countTokens } from "./count-tokens.ts";
import { countText, encodingOf } from "./encoding.ts";
import { familyOf } from "./families.ts";
import { upperBound } from "./upper-bound.ts";

// The figures of the README: what providers counted, beside what we estimate. It prints its tables.

const folders = [
  "anthropic",
  "azure",
  "bedrock",
  "deepseek",
  "google",
  "groq",
  "mistral",
  "ollama",
  "openai-chat",
  "openai-compatible",
  "openrouter",
  "xai",
];

interface Measured {
  readonly family: string;
  readonly model: string;
  readonly prompt: Prompt;
  readonly told: number;
}

/** Recorded requests that are nothing but text and function tools, with the input tokens that the provider counted. */
function recordedPrompts(): Measured[] {
  const measured: Measured[] = [];
  for (const folder of folders) {
    for (const name of readdirSync(sharedPath("fixtures", folder))) {
      if (name.includes("cache")) continue; // their counts are not of the request that is kept beside them
      const read = (file: string): JsonObject | undefined => {
        const path = sharedPath("fixtures", folder, name, file);
        return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as JsonObject) : undefined;
      };
      const request = read("request.json");
      const told = (read("expected.json") as { usage?: { inputTokens?: number } } | undefined)?.usage?.inputTokens;
      const prompt = request && promptOf(request);
      const model = (request?.["model"] ?? read("call.json")?.["model"]) as string;
      if (prompt && told)
        measured.push({ family: familyOf({ provider: folder, id: model }).name, model, prompt, told });
    }
  }
  return measured;
}

/** Members of a request that are text, tools, or cost no tokens. */
const known = new Set(
  [
    "model",
    "messages",
    "contents",
    "system",
    "systemInstruction",
    "tools",
    "tool_choice",
    "toolChoice",
    "stream",
  ].concat(
    [
      "stream_options",
      "max_tokens",
      "max_completion_tokens",
      "maxOutputTokens",
      "temperature",
      "top_p",
      "top_k",
      "seed",
    ],
    ["n", "stop", "stop_sequences", "generationConfig", "inferenceConfig", "options", "keep_alive", "user", "metadata"],
    ["parallel_tool_calls", "logprobs", "top_logprobs", "cache_control", "safe_prompt", "usage", "store"],
  ),
);

/** `undefined` for what is more than text and function tools, and for what the recordings have shortened. */
function promptOf(request: JsonObject): Prompt | undefined {
  if (Object.keys(request).some((name) => !known.has(name))) return undefined;
  if (JSON.stringify(request).includes("<trimmed ")) return undefined;
  if (
    /thinking|signature|schema"|mime_?type|"tool_calls"|"role":"tool"/i.test(JSON.stringify({ ...request, tools: 0 }))
  )
    return undefined;
  const messages: Message[] = [];
  for (const item of [
    request["system"] ?? [],
    request["systemInstruction"] ?? [],
    request["messages"] ?? request["contents"] ?? [],
  ].flat()) {
    const text = textOf(item as JsonObject | string);
    if (text === undefined) return undefined;
    messages.push({ role: "user", content: text });
  }
  const tools = ((request["tools"] ?? []) as JsonObject[]).map(toolOf);
  if (messages.length === 0 || tools.includes(undefined)) return undefined;
  return tools.length > 0 ? { messages, tools: tools as FunctionTool[] } : { messages };
}

function textOf(item: JsonObject | string): string | undefined {
  if (typeof item === "string") return item;
  const content = item["content"] ?? item["parts"] ?? item["text"];
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return undefined;
  const texts = (content as JsonObject[]).map((part) => part["text"]);
  return texts.every((text) => typeof text === "string") ? texts.join("") : undefined;
}

function toolOf(tool: JsonObject): FunctionTool | undefined {
  const described = (tool["function"] ?? tool) as JsonObject;
  const input = described["parameters"] ?? described["input_schema"];
  if (typeof described["name"] !== "string" || typeof input !== "object") return undefined;
  return {
    name: described["name"],
    description: (described["description"] ?? "") as string,
    input: input as JsonObject,
  };
}

// At the top: it tells by skipped tests what is not there.
const answers = recordedSamples(...folders);
const there = existsSync(sharedPath("fixtures")) && existsSync(sharedPath("data", "bfcl"));

test.runIf(there)("recorded prompts are within the error that is stated; nine of ten of each family are", async () => {
  const rows = new Map<string, { count: number; within: number; exact: number; worst: string; off: number }>();
  for (const { family, model, prompt, told } of recordedPrompts()) {
    const key = `${family}${prompt.tools ? " with tools" : ""}`;
    const { tokens, bound } = await countTokens(prompt, { provider: "", id: model });
    const error = typeof bound === "object" ? bound.error : 0;
    const off = Math.abs(tokens - told);
    const row = rows.get(key) ?? { count: 0, within: 0, exact: 0, worst: "", off: -1 };
    row.count++;
    if (off <= error * tokens + 1e-9) row.within++;
    if (off === 0) row.exact++;
    if (off > row.off) Object.assign(row, { off, worst: `${model}: told ${told}, estimated ${tokens}` });
    rows.set(key, row);
  }
  const table = [...rows].map(([name, { count, within, exact, worst }]) => ({ name, count, within, exact, worst }));
  print(table);
  // Of unknown models nothing is promised: some search by themselves.
  const known = table.filter(({ name }) => !name.startsWith("unknown"));
  expect(known.filter(({ count, within }) => within < 0.9 * count)).toEqual([]);
  expect(known.length).toBeGreaterThan(10);
});

test.runIf(there)("no recorded prompt of text and function tools is above the upper bound", () => {
  const prompts = recordedPrompts().filter(({ model }) => !/compound|sonar|command/.test(model)); // those search by themselves
  const above = prompts.filter(
    ({ model, prompt, told }) => upperBound(prompt, { provider: "", id: model }).tokens < told,
  );
  expect(above).toEqual([]);
  expect(prompts.length).toBeGreaterThan(50);
});

test.runIf(there)("tokenizers differ by the factors of the table: recorded answers", async () => {
  const o200k = await encodingOf("o200k_base");
  const ratios = new Map<string, number[]>();
  for (const { call, expected } of answers) {
    const { text = "", usage, toolCalls = [], reasoning } = expected;
    const words = countText(o200k, text);
    if (!usage?.outputTokens || words < 40 || toolCalls.length > 0 || reasoning || usage.reasoningTokens) continue;
    const family = familyOf({ provider: "", id: call.model }).name;
    ratios.set(family, [...(ratios.get(family) ?? []), usage.outputTokens / words]);
  }
  print([...ratios].map(([family, list]) => spread(family, list)));
  expect(spread("gpt-4o", ratios.get("gpt-4o")!).median).toBeCloseTo(1, 1);
});

test.runIf(there)("tokenizers differ by the factors of the table: 945 prompts of about 400 tokens", () => {
  const file = gunzipSync(readFileSync(sharedPath("data", "bfcl", "data.jsonl.gz"))).toString();
  type Row = { readonly models: Readonly<Record<string, { readonly inputTokens?: number }>> };
  const ratios = new Map<string, number[]>();
  for (const line of file.trim().split("\n")) {
    const { models } = JSON.parse(line) as Row;
    const base = models["gpt-4o-2024-05-13"]?.inputTokens;
    for (const name of [
      "gpt-4-turbo-2024-04-09",
      "claude-3-5-sonnet-20240620",
      "open-mixtral-8x7b",
      "open-mixtral-8x22b",
    ]) {
      const told = models[name]?.inputTokens;
      if (base && told) ratios.set(name, [...(ratios.get(name) ?? []), told / base]);
    }
  }
  print([...ratios].map(([model, list]) => spread(model, list)));
  const outside = [...ratios].filter(([model, list]) => {
    const { factor, error } = familyOf({ provider: "", id: model });
    const within = list.filter((ratio) => Math.abs(ratio - factor) <= Math.max(error, 0.02) * factor);
    return within.length < 0.95 * list.length;
  });
  expect(outside).toEqual([]);
});

interface Spread {
  readonly name: string;
  readonly count: number;
  readonly lowest: number;
  readonly median: number;
  readonly highest: number;
}

function spread(name: string, list: readonly number[]): Spread {
  const sorted = list.toSorted((a, b) => a - b);
  const at = (place: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * place)]! * 1000) / 1000;
  return { name, count: sorted.length, lowest: at(0), median: at(0.5), highest: at(1) };
}

function print(table: readonly object[]): void {
  // oxlint-disable-next-line no-console -- the figures of the README are read here
  console.table(table);
}
