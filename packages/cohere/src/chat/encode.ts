import type { Json, JsonObject, ModelRequest, Reasoning, Warning } from "@plugboard/core";
import type { LegalNames, NameRules } from "@plugboard/wire";
import type { Writing } from "./writing.ts";
import { legalNames, listOf, mergeProviderOptions, without } from "@plugboard/wire";
import { writeMessages } from "./messages.ts";
import { writeOutputFormat } from "./output-format.ts";
import { ranges, settingNames } from "./settings.ts";
import { writeTools } from "./tools.ts";
import { owner } from "../account.ts";
import { unsupported, warn } from "./writing.ts";

/** A request in Cohere's words. */
export interface EncodedChat {
  readonly body: JsonObject;
  /** What was adapted or left out. */
  readonly warnings: readonly Warning[];
  /** Whose names the tools have on the wire. */
  readonly names: LegalNames;
}

/** What to encode for. */
export interface Encoding {
  /** What goes on the wire. */
  readonly model: string;
  /** What the abilities of the model are known by. @default `model` */
  readonly catalogId?: string | undefined;
}

/** Cohere's rule for names: https://docs.cohere.com/v1/reference/chat, `tools.name`. */
const nameRules: NameRules = {
  legal: (name) => name.replace(/^[0-9]|[^a-zA-Z0-9_]/g, "_").slice(0, 64) || "tool",
  longest: 64,
};
const mostStops = 5;

/** How many tokens each step may think; `max` is without a bound. */
const budgets = { minimal: 1024, low: 2048, medium: 8192, high: 16_384 } as const;

/**
 * Writes a request, and tells what it adapted or dropped. `providerOptions.cohere` has the last word.
 *
 * @throws {ModelError} `unsupported` or `invalid-request`, naming the field
 */
export function encodeChat(request: ModelRequest, { model, catalogId = model }: Encoding): EncodedChat {
  if (request.suffix !== undefined) {
    throw unsupported("`suffix`: Cohere's models do not fill in the middle.", model);
  }
  const thinks = mayThink(catalogId);
  const names = legalNames(
    (request.tools ?? []).map((tool) => (tool.type === "provider" ? (tool.name ?? tool.id) : tool.name)),
    nameRules,
  );
  const writing: Writing = { model, thinks, names, warnings: [], documents: [] };
  const own = request.providerOptions?.[owner];

  const messages = writeMessages(request.messages, writing);
  const documents = [...listOf(own?.["documents"]), ...writing.documents];
  const tools = writeTools(request, writing);
  const beside = tools["tools"] ? "tools" : documents.length > 0 ? "documents" : undefined;
  const format = writeOutputFormat(request, beside, messages, writing);
  const body: Record<string, Json> = {
    model,
    messages,
    ...(documents.length > 0 && { documents }),
    ...tools,
    ...format,
    ...writeReasoning(request.reasoning, writing),
    ...writeSettings(request, writing),
    stream: request.stream === true,
  };
  return {
    body: mergeProviderOptions(body, own && without(own, "documents")),
    warnings: writing.warnings,
    names,
  };
}

/** Of Cohere's own models only some think; of others nothing is known. */
function mayThink(model: string): boolean {
  return /reasoning|command-a-plus/.test(model) || !/^(command|c4ai)/.test(model);
}

function writeReasoning(wanted: Reasoning | undefined, writing: Writing): Record<string, Json> {
  if (wanted === undefined) return {};
  const budget = typeof wanted === "object" ? wanted.budgetTokens : wanted === "none" ? 0 : undefined;
  if (!writing.thinks) {
    if (budget !== 0) warn(writing, "dropped", "reasoning", `${writing.model} does not think.`);
    return {};
  }
  if (budget === 0) return { thinking: { type: "disabled" } };
  const tokens = typeof wanted === "string" && wanted in budgets ? budgets[wanted as keyof typeof budgets] : budget;
  return { thinking: { type: "enabled", ...(tokens !== undefined && { token_budget: tokens }) } };
}

function writeSettings(request: ModelRequest, writing: Writing): Record<string, Json> {
  const { maxOutputTokens, stop = [] } = request;
  const settings: Record<string, Json> = {};
  if (maxOutputTokens !== undefined) settings["max_tokens"] = maxOutputTokens;
  for (const field of Object.keys(ranges) as (keyof typeof ranges)[]) {
    const wanted = request[field];
    if (wanted === undefined) continue;
    const [least, most] = ranges[field];
    const value = Math.min(Math.max(wanted, least), most);
    if (value !== wanted) {
      warn(writing, "adapted", field, `Cohere takes \`${field}\` from ${least} to ${most}; ${value} is sent.`);
    }
    settings[settingNames[field]] = value;
  }
  if (stop.length > 0) settings["stop_sequences"] = stop.slice(0, mostStops);
  if (stop.length > mostStops) {
    warn(writing, "dropped", "stop", `Only the first ${mostStops} of ${stop.length} stop sequences are sent.`);
  }
  return settings;
}
