import { ModelError } from "@plugboard/core";
import type { JsonObject, ModelRequest, Tool } from "@plugboard/core";
import { requestsWith } from "@plugboard/recordings";
import fc from "fast-check";
import { expect, test } from "vitest";
import { foundryDialect } from "../azure-foundry/azure-foundry.ts";
import { ofFamily } from "../chat-completions/dialect.ts";
import type { ChatDialect } from "../chat-completions/dialect.ts";
import { encodeChat } from "../chat-completions/encode.ts";
import type { EncodedChat } from "../chat-completions/encode.ts";
import { openaiDialect } from "../openai-dialect.ts";
import { ruleFor } from "../shared/model-rule.ts";
import * as vendors from "./index.ts";

type Spoken = readonly [name: string, dialect: ChatDialect, model: string];

function spokenBy(name: string, dialect: ChatDialect, ...models: readonly string[]): Spoken[] {
  return models.map((model) => [`${name} ${model}`, ofFamily(dialect, model), model]);
}

const foundry: ChatDialect = { ...foundryDialect, baseURL: "https://res.services.ai.azure.com" };
const factories = Object.entries(vendors).filter(
  (entry): entry is [string, vendors.ChatFactory] => "dialect" in entry[1] && !/rerank|codestral/i.test(entry[0]),
);

/** Each vendor with models that it has rules for, and one that it has none for. */
const spoken: readonly Spoken[] = [
  ...spokenBy("openai", openaiDialect, "gpt-4.1", "gpt-5.2", "o3"),
  ...spokenBy("xai", vendors.xai.dialect, "grok-4"),
  ...spokenBy("deepseek", vendors.deepseek.dialect, "deepseek-reasoner"),
  ...spokenBy("mistral", vendors.mistral.dialect, "mistral-small-latest"),
  ...spokenBy("foundry", foundry, "gpt-5", "DeepSeek-R1", "Phi-4", "Llama-3.3-70B-Instruct", "Mistral-Large-3"),
  ...spokenBy("foundry", foundry, "Kimi-K2-Thinking", "grok-3", "Phi-4-multimodal-instruct", "Cohere-command-a"),
  ...factories.flatMap(([name, { dialect }]) => spokenBy(name, dialect, "any")),
];

/** Settings by our names, and on the wire. */
const wireNames: Readonly<Record<string, readonly string[]>> = {
  maxOutputTokens: ["max_tokens", "max_completion_tokens"],
  temperature: ["temperature"],
  topP: ["top_p"],
  topK: ["top_k"],
  presencePenalty: ["presence_penalty"],
  frequencyPenalty: ["frequency_penalty"],
  stop: ["stop"],
  seed: ["seed", "random_seed"],
  reasoning: ["reasoning_effort", "reasoning"],
  tools: ["tools"],
  output: ["response_format"],
};

const ours = new Set(Object.keys(wireNames));
const messages = fc.constant([{ role: "user", content: "Answer with JSON." }] as const);
const asked = requestsWith();

/** What is neither in the body nor in a warning, of what the request has. */
function lost(request: ModelRequest, body: JsonObject, warned: ReadonlySet<string>): string[] {
  const given = Object.entries(request).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  return given.flatMap(([name, value]) => {
    if (!ours.has(name) || (name === "reasoning" && value === "none")) return [];
    // A tool of another provider's is warned of by its place.
    const told = [...warned].some((path) => path.split(/[.[]/, 1)[0] === name);
    return told || wireNames[name]!.some((wire) => wire in body) ? [] : [name];
  });
}

/** What no schema states. */
function broken(
  body: JsonObject,
  { dialect, model }: { readonly dialect: ChatDialect; readonly model: string },
): string[] {
  const found: string[] = [];
  const { refuses: byModel = [], efforts = dialect.efforts ?? [] } = ruleFor(dialect.models, model);
  for (const field of [...(dialect.refuses ?? []), ...byModel]) {
    if (wireNames[field]!.some((name) => name in body)) found.push(`${field} is refused`);
  }
  const { stop, temperature, tools = [], messages: said, reasoning_effort: effort } = body;
  if (Array.isArray(stop) && (stop.length > (dialect.stops ?? 4) || stop.includes(""))) found.push("stop sequences");
  if (typeof temperature === "number" && temperature > (dialect.hottest ?? 2)) found.push("too hot");
  if (effort !== undefined && !efforts.includes(effort as never)) found.push("an effort that the model has not");
  const names = (tools as readonly { readonly function?: { readonly name: string } }[]).map(
    (tool) => tool.function?.name,
  );
  if (names.some((name) => name !== undefined && !/^[\w-]{1,64}$/.test(name))) found.push("an illegal name");
  if (new Set(names).size < names.length) found.push("two tools of one name");

  const open: string[] = [];
  for (const { role, tool_calls: calls = [], tool_call_id: answered, content } of said as readonly JsonObject[]) {
    if (role !== "tool" && open.length > 0) found.push("a call without a result");
    if (role === "tool") {
      const place = open.indexOf(answered as string);
      if (place < 0) found.push("a result without a call");
      else open.splice(place, 1);
    }
    const ids = (calls as readonly { readonly id: string }[]).map(({ id }) => id);
    const legal = dialect.callId ? /^[a-zA-Z0-9]{9}$/ : /^[^]{1,40}$/; // Mistral's alone are others
    if (ids.some((id) => !legal.test(id))) found.push("an illegal id");
    open.push(...ids);
    if (role === "assistant" && ids.length === 0 && content === "") found.push("an empty turn");
  }
  return open.length > 0 ? [...found, "a call without a result at the end"] : found;
}

/** The request as it is written; nothing for one with a file that the vendor does not read, which is refused. */
function encoded(request: ModelRequest, dialect: ChatDialect, model: string): EncodedChat | undefined {
  try {
    return encodeChat(request, { dialect, model });
  } catch (error) {
    if (error instanceof ModelError && error.code === "unsupported" && /does not read/.test(error.message))
      return undefined;
    throw error;
  }
}

test.each(spoken)("%s is sent nothing that it refuses, and loses nothing in silence", (_, dialect, model) => {
  let written = 0;
  fc.assert(
    fc.property(asked, (request) => {
      const encoding = encoded(request, dialect, model);
      if (!encoding) return;
      written++;
      const { body, warnings } = encoding;
      expect(broken(body, { dialect, model })).toStrictEqual([]);
      const warned = new Set(warnings.map(({ path = "" }) => path));
      expect(lost(request, body, warned)).toStrictEqual([]);
    }),
    { numRuns: 60 },
  );
  expect(written).toBeGreaterThan(10);
});

test("a setting that is sent as it is gives no warning", () => {
  const one = fc.constantFrom<Partial<ModelRequest>>(
    { maxOutputTokens: 5 },
    { temperature: 0.5 },
    { topP: 0.5 },
    { stop: ["END"] },
    {
      tools: [
        {
          name: "look",
          input: { type: "object", properties: {}, required: [], additionalProperties: false },
        } satisfies Tool,
      ],
    },
  );
  fc.assert(
    fc.property(one, messages, fc.constantFrom(...spoken), (setting, said, [, dialect, model]) => {
      const { body, warnings } = encodeChat({ messages: said, ...setting }, { dialect, model });
      const [name] = Object.keys(setting);
      const sent = wireNames[name!]!.some((wire) => wire in body);
      expect(warnings.some(({ path }) => path === name)).toBe(!sent);
    }),
    { numRuns: 200 },
  );
});
