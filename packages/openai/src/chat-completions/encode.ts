import type { Json, JsonObject, ModelRequest, Reasoning, Warning } from "@plugboard/core";
import { mergeProviderOptions } from "@plugboard/wire";
import type { LegalNames } from "@plugboard/wire";
import { dropRefused, refusedFields } from "../shared/drop-refused.ts";
import { effortFor } from "../shared/effort.ts";
import type { Effort } from "../shared/model-rule.ts";
import { ruleFor } from "../shared/model-rule.ts";
import { namedSchema } from "../shared/named-schema.ts";
import type { ChatDialect } from "./dialect.ts";
import { fitTurns } from "./fit-turns.ts";
import { writeMessages } from "./messages.ts";
import { writeSettings } from "./settings.ts";
import { toolNames } from "../shared/tool-names.ts";
import { writeTools } from "./tools.ts";
import { pick, unsupported, warn } from "../shared/writing.ts";
import type { Writing } from "./writing.ts";

/** A request in the form of the protocol. */
export interface EncodedChat {
  readonly body: JsonObject;
  /** What was adapted or left out. */
  readonly warnings: readonly Warning[];
  /** Whose names the tools have on the wire. */
  readonly names: LegalNames;
}

/** What to encode for. */
export interface Encoding {
  readonly dialect: ChatDialect;
  /** What goes on the wire. */
  readonly model: string;
  /** What the dialect's rules are looked up by. @default `model` */
  readonly catalogId?: string | undefined;
  /** What is particular to the model, for who has looked it up. @default by `dialect.models` */
  readonly rule?: ReturnType<typeof ruleFor>;
}

/**
 * Writes a request as a body of the chat-completions protocol. `providerOptions` of the vendor have the last word.
 *
 * @throws {ModelError} `unsupported` for what the protocol or the vendor has no form for: a suffix, a file of a type it does not read
 */
export function encodeChat(request: ModelRequest, encoding: Encoding): EncodedChat {
  const { dialect, model, catalogId = model, rule = ruleFor(dialect.models, catalogId) } = encoding;
  if (request.suffix !== undefined) {
    throw unsupported(
      { dialect, model },
      "`suffix` cannot be sent with chat completions; a completions model takes one.",
    );
  }
  const names = toolNames(
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

  const messages = fitTurns(writeMessages(request.messages, writing), rule, writing);
  const reasoning = writeReasoning(request.reasoning, rule.efforts ?? dialect.efforts ?? [], writing);
  const refused = refusedFields(dialect.refuses, rule, reasoning.effort);
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

/** The effort, or the budget where the vendor takes one. */
function writeReasoning(
  wanted: Reasoning | undefined,
  efforts: readonly Effort[],
  writing: Writing,
): { readonly effort?: Effort; readonly body: Record<string, Json> } {
  const asObject = writing.dialect.reasoningForm === "reasoning";
  if (typeof wanted === "object" && asObject && efforts.length > 0)
    return { body: { reasoning: { max_tokens: wanted.budgetTokens } } };
  const effort = effortFor(wanted, efforts, writing);
  if (effort === undefined) return { body: {} };
  return { effort, body: asObject ? { reasoning: { effort } } : { reasoning_effort: effort } };
}

/** Structured output, or the nearest to it; what the vendor cannot be held to is asked for in words. */
function writeOutput({ output }: ModelRequest, messages: JsonObject[], writing: Writing): Record<string, Json> {
  if (!output) return {};
  const { schema } = output;
  const { dialect } = writing;
  const form = dialect.output ?? "json_schema";

  if (schema && form === "json_schema") {
    const named = namedSchema(schema, output, writing, dialect.strict === true);
    return { response_format: { type: "json_schema", json_schema: named } };
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
