import type { Json, JsonObject, ModelRequest, Reasoning, Warning } from "@plugboard/core";
import { mergeProviderOptions } from "@plugboard/wire";
import type { ChatDialect, Effort, RefusableField } from "./dialect.ts";
import { ruleFor } from "./dialect.ts";
import { writeMessages } from "./messages.ts";
import { whyNotStrict } from "./strict-schema.ts";
import { ToolNames } from "./tool-names.ts";
import { writeTools } from "./tools.ts";
import type { Writing } from "./writing.ts";
import { pick, unsupported, warn } from "./writing.ts";

/** A request in the form of the protocol. */
export interface EncodedChat {
  readonly body: JsonObject;
  /** What was adapted or left out. */
  readonly warnings: readonly Warning[];
  /** Whose names the tools have on the wire. */
  readonly names: ToolNames;
}

/** What to encode for. */
export interface Encoding {
  readonly dialect: ChatDialect;
  /** What goes on the wire. */
  readonly model: string;
  /** What the dialect's rules are looked up by. @default `model` */
  readonly catalogId?: string | undefined;
}

const steps: readonly Effort[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/**
 * Writes a request as a body of the chat-completions protocol. `providerOptions` of the vendor have the last word.
 *
 * @throws {ModelError} `unsupported` for what the protocol or the vendor has no form for: a suffix, a file of a type it does not read
 */
export function encodeChat(request: ModelRequest, { dialect, model, catalogId = model }: Encoding): EncodedChat {
  if (request.suffix !== undefined) {
    throw unsupported(
      { dialect, model },
      "`suffix` cannot be sent with chat completions; a completions model takes one.",
    );
  }
  const rule = ruleFor(dialect, catalogId);
  const names = new ToolNames(
    request.tools?.map((tool) => (tool.type === "provider" ? (tool.name ?? tool.id) : tool.name)) ?? [],
  );
  const warnings: Warning[] = [];
  const writing: Writing = {
    dialect,
    model,
    systemRole: rule.systemRole ?? dialect.systemRole ?? "system",
    names,
    warnings,
  };

  const messages = writeMessages(request.messages, writing);
  const reasoning = writeReasoning(request.reasoning, rule.efforts ?? dialect.efforts ?? [], writing);
  const refused = new Set<RefusableField>(dialect.refuses);
  for (const field of rule.refuses ?? []) refused.add(field);
  if (reasoning.effort !== "none") for (const field of rule.refusesWhenReasoning ?? []) refused.add(field);
  const body: Record<string, Json> = {
    model,
    messages,
    ...reasoning.body,
    ...writeSettings(dropRefused(request, refused, writing), writing),
    ...writeOutput(request, messages, writing),
    ...(refused.has("tools") ? {} : writeTools(request, writing)),
    ...(request.stream && { stream: true }),
    ...(request.stream && dialect.streamUsage !== false && { stream_options: { include_usage: true } }),
  };

  const own = request.providerOptions && pick(request.providerOptions, dialect);
  return { body: own ? mergeProviderOptions(body, own) : body, warnings, names };
}

/** The request without what the model refuses. */
function dropRefused(request: ModelRequest, refused: ReadonlySet<RefusableField>, writing: Writing): ModelRequest {
  if (refused.size === 0) return request;
  const kept = { ...request };
  for (const field of refused) {
    const value = request[field];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    delete (kept as Partial<Record<RefusableField, unknown>>)[field];
    warn(writing, "dropped", field, `${writing.model} does not take \`${field}\`.`);
  }
  return kept;
}

function writeSettings(request: ModelRequest, writing: Writing): Record<string, Json> {
  const { dialect } = writing;
  const { maxOutputTokens, temperature, topP, topK, presencePenalty, frequencyPenalty, stop, seed } = request;
  const hottest = dialect.hottest ?? 2;
  const stops = dialect.stops ?? 4;
  if (topK !== undefined) warn(writing, "dropped", "topK", `${dialect.provider} does not take \`topK\`.`);
  if (temperature !== undefined && temperature > hottest) {
    warn(
      writing,
      "adapted",
      "temperature",
      `The temperature is ${hottest}, the highest that ${dialect.provider} takes.`,
    );
  }
  if (stop && stop.length > stops) {
    warn(writing, "dropped", "stop", `Only the first ${stops} of ${stop.length} stop sequences are sent.`);
  }
  return {
    ...(maxOutputTokens !== undefined && { [dialect.maxTokens ?? "max_tokens"]: maxOutputTokens }),
    ...(temperature !== undefined && { temperature: Math.min(temperature, hottest) }),
    ...(topP !== undefined && { top_p: topP }),
    ...(presencePenalty !== undefined && { presence_penalty: presencePenalty }),
    ...(frequencyPenalty !== undefined && { frequency_penalty: frequencyPenalty }),
    ...(stop && stop.length > 0 && { stop: stop.slice(0, stops) }),
    ...(seed !== undefined && { seed }),
  };
}

/** The nearest step that the model has; of two equally near the harder one. */
function writeReasoning(
  wanted: Reasoning | undefined,
  efforts: readonly Effort[],
  writing: Writing,
): { readonly effort?: Effort; readonly body: Record<string, Json> } {
  if (wanted === undefined) return { body: {} };
  if (efforts.length === 0) {
    if (wanted !== "none")
      warn(writing, "dropped", "reasoning", `${writing.model} is not known to take a reasoning effort.`);
    return { body: {} };
  }
  const form = writing.dialect.reasoningForm ?? "reasoning_effort";
  if (typeof wanted === "object" && form === "reasoning")
    return { body: { reasoning: { max_tokens: wanted.budgetTokens } } };

  const step = typeof wanted === "object" ? stepOf(wanted.budgetTokens) : wanted;
  const effort = nearest(step, efforts);
  if (typeof wanted === "object" || (effort !== wanted && wanted !== "max")) {
    warn(
      writing,
      "adapted",
      "reasoning",
      `The reasoning effort is \`${effort}\`, the nearest that ${writing.model} takes.`,
    );
  }
  return { effort, body: form === "reasoning" ? { reasoning: { effort } } : { reasoning_effort: effort } };
}

function nearest(step: Effort, efforts: readonly Effort[]): Effort {
  const place = steps.indexOf(step);
  let best = efforts[0]!;
  for (const effort of efforts) {
    if (Math.abs(steps.indexOf(effort) - place) <= Math.abs(steps.indexOf(best) - place)) best = effort;
  }
  return best;
}

/** The effort that thinks about as much as a budget allows. */
function stepOf(budgetTokens: number): Effort {
  if (budgetTokens === 0) return "none";
  if (budgetTokens <= 1024) return "minimal";
  if (budgetTokens <= 4096) return "low";
  return budgetTokens <= 16_384 ? "medium" : "high";
}

/** Structured output, or the nearest to it; what the vendor cannot be held to is asked for in words. */
function writeOutput({ output }: ModelRequest, messages: JsonObject[], writing: Writing): Record<string, Json> {
  if (!output) return {};
  const { schema, name = "output", description } = output;
  const { dialect } = writing;
  const form = dialect.output ?? "json_schema";

  if (schema && form === "json_schema") {
    const flaw = dialect.strict ? whyNotStrict(schema) : undefined;
    if (flaw) warn(writing, "adapted", "output.schema", `The answer is not held strictly to the schema: ${flaw}.`);
    const named = name.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, 64) || "output";
    if (named !== name) warn(writing, "adapted", "output.name", `The schema is called ${named} on the wire.`);
    const strict = dialect.strict && { strict: !flaw };
    return {
      response_format: {
        type: "json_schema",
        json_schema: { name: named, ...(description !== undefined && { description }), schema, ...strict },
      },
    };
  }
  if (schema) {
    instruct(`Answer with JSON alone, that fits this JSON Schema:\n${JSON.stringify(schema)}`, messages, writing);
  } else if (form === "none" || !/json/i.test(JSON.stringify(messages))) {
    // OpenAI refuses the mode unless the word is in a message.
    instruct("Answer with JSON alone.", messages, writing);
  }
  return form === "none" ? {} : { response_format: { type: "json_object" } };
}

function instruct(text: string, messages: JsonObject[], writing: Writing): void {
  warn(writing, "adapted", "output", "The form of the answer is asked for in an instruction.");
  const place = messages.findIndex((message) => message["role"] !== writing.systemRole);
  messages.splice(place < 0 ? messages.length : place, 0, { role: writing.systemRole, content: text });
}
