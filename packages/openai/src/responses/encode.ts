import type { Json, JsonObject, ModelRequest, Warning } from "@plugboard/core";
import { mergeProviderOptions } from "@plugboard/wire";
import type { LegalNames } from "@plugboard/wire";
import { cooled } from "../shared/cooled.ts";
import { dropRefused, refusedFields } from "../shared/drop-refused.ts";
import { effortFor } from "../shared/effort.ts";
import { isList } from "../shared/fields.ts";
import type { ModelRule } from "../shared/model-rule.ts";
import { ruleFor } from "../shared/model-rule.ts";
import { namedSchema } from "../shared/named-schema.ts";
import { toolNames } from "../shared/tool-names.ts";
import { pick, unsupported, warn } from "../shared/writing.ts";
import type { ResponsesDialect } from "./dialect.ts";
import { writeInput } from "./messages.ts";
import { nameOf, writeTools } from "./tools.ts";
import type { ResponsesWriting } from "./writing.ts";

/** A request in the form of the protocol. */
export interface EncodedResponses {
  readonly body: JsonObject;
  /** What was adapted or left out. */
  readonly warnings: readonly Warning[];
  /** Whose names the tools have on the wire. */
  readonly names: LegalNames;
}

/** What to encode for. */
export interface Encoding {
  readonly dialect: ResponsesDialect;
  /** What goes on the wire. */
  readonly model: string;
  /** What the dialect's rules are looked up by. @default `model` */
  readonly catalogId?: string | undefined;
}

/** What the protocol has no member for. */
const unknown = ["topK", "presencePenalty", "frequencyPenalty", "seed"] as const;

/**
 * Writes a request as a body of the responses protocol. Nothing is kept at the provider: the whole conversation is sent, thoughts come
 * back encrypted and go back with it. `providerOptions` of the vendor have the last word, so `store` and `previous_response_id` there
 * make it otherwise.
 *
 * @throws {ModelError} `unsupported` for what the protocol or the vendor has no form for: a suffix, a file of a type it does not read
 */
export function encodeResponses(
  request: ModelRequest,
  { dialect, model, catalogId = model }: Encoding,
): EncodedResponses {
  if (request.suffix !== undefined) {
    throw unsupported({ dialect, model }, "`suffix` cannot be sent with responses; a completions model takes one.");
  }
  const rule = ruleFor(dialect.models, catalogId);
  const names = toolNames(request.tools?.map(nameOf) ?? []);
  const warnings: Warning[] = [];
  const own = request.providerOptions && pick(request.providerOptions, dialect);
  const writing: ResponsesWriting = {
    dialect,
    model,
    systemRole: rule.systemRole ?? dialect.systemRole ?? "system",
    names,
    warnings,
    stored: own !== undefined && (own["store"] === true || refersBack(own)),
  };

  const input = writeInput(request.messages, writing);
  const effort = effortFor(request.reasoning, rule.efforts ?? dialect.efforts ?? [], writing);
  const refused = refusedFields(dialect.refuses, rule, effort);
  const kept = dropRefused(request, refused, writing);
  const include = encrypts(dialect, rule) ? ["reasoning.encrypted_content"] : [];
  const body: Record<string, Json> = {
    model,
    input,
    store: false,
    ...(include.length > 0 && { include }),
    ...(effort !== undefined && { reasoning: { effort } }),
    ...writeSettings(kept, writing),
    ...writeOutput(request, input, writing),
    ...(refused.has("tools") ? {} : writeTools(request, writing)),
    ...(request.stream && { stream: true }),
  };
  return { body: own ? withOptions(body, include, own) : body, warnings, names };
}

/** Whether the provider knows more of the conversation than it is sent. */
function refersBack({ previous_response_id: previous, conversation }: JsonObject): boolean {
  return (previous ?? conversation ?? undefined) !== undefined;
}

function encrypts({ encrypts = "reasoning", efforts }: ResponsesDialect, rule: Omit<ModelRule, "models">): boolean {
  return encrypts === "all" || (encrypts === "reasoning" && (rule.efforts ?? efforts ?? []).length > 0);
}

/** What is to be included is added to: otherwise a wish for sources would cost the thoughts. */
function withOptions(body: JsonObject, include: readonly string[], own: JsonObject): JsonObject {
  const merged = mergeProviderOptions(body, own);
  if (!isList(own["include"])) return merged;
  return { ...merged, include: [...new Set([...include, ...own["include"]])] };
}

function writeSettings(request: ModelRequest, writing: ResponsesWriting): Record<string, Json> {
  const { dialect } = writing;
  const { maxOutputTokens: limit, temperature, topP, stop } = request;
  for (const field of unknown) {
    if (request[field] !== undefined) warn(writing, "dropped", field, `The responses protocol has no \`${field}\`.`);
  }
  if (stop && stop.length > 0) warn(writing, "dropped", "stop", "The responses protocol has no stop sequences.");
  const least = dialect.leastOutput ?? 1;
  if (limit !== undefined && limit < least) {
    warn(
      writing,
      "adapted",
      "maxOutputTokens",
      `The limit is ${least} tokens, the lowest that ${dialect.provider} takes.`,
    );
  }
  return {
    ...(limit !== undefined && { max_output_tokens: Math.max(limit, least) }),
    ...(temperature !== undefined && { temperature: cooled(temperature, 2, writing) }),
    ...(topP !== undefined && { top_p: topP }),
  };
}

function writeOutput({ output }: ModelRequest, input: JsonObject[], writing: ResponsesWriting): Record<string, Json> {
  if (!output) return {};
  const { schema } = output;
  if (schema) {
    const named = namedSchema(schema, output, writing, writing.dialect.strict === true);
    return { text: { format: { type: "json_schema", ...named } } };
  }
  // The mode is refused unless the word is in the input.
  if (!/json/i.test(JSON.stringify(input))) {
    warn(writing, "adapted", "output", "The form of the answer is asked for in an instruction.");
    input.unshift({ role: writing.systemRole, content: "Answer with JSON alone." });
  }
  return { text: { format: { type: "json_object" } } };
}
