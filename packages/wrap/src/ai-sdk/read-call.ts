import type {
  FunctionTool,
  Json,
  JsonObject,
  JsonSchema,
  ModelRequest,
  ProviderTool,
  Tool,
  Warning,
} from "@plugboard/core";
import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { countOf, objectOf, stringOf, without } from "@plugboard/wire";
import { plainOf, readMetadata } from "./metadata.ts";
import type { Warn } from "./metadata.ts";
import { readEffort, readProviderOptions, underscored } from "./provider-options.ts";
import { readPrompt } from "./read-prompt.ts";

/** A request in our words, and what it lost. */
export interface ReadCall {
  readonly request: ModelRequest;
  readonly warnings: readonly Warning[];
}

/**
 * Their request in our words.
 *
 * @throws {ModelError} `unsupported` for a file that is neither bytes nor a URL
 */
export function readCall(options: LanguageModelV4CallOptions): ReadCall {
  const warnings: Warning[] = [];
  const warn: Warn = (warning) => void warnings.push(warning);
  const { prompt, tools, toolChoice, responseFormat, stopSequences, abortSignal, headers, includeRawChunks } = options;
  const { maxOutputTokens, temperature, topP, topK, presencePenalty, frequencyPenalty, seed } = options;
  const read = readProviderOptions(options.providerOptions, warn);
  if (includeRawChunks)
    warn({ code: "dropped", path: "includeRawChunks", message: "There are no raw chunks to include." });
  const tags = textsOf(read.kept["tags"]);
  const suffix = stringOf(read.kept["suffix"]);
  const reasoning = readReasoning(options, read.kept, warn) ?? read.reasoning;
  const sent = textsOf(headers);

  const request: ModelRequest = {
    messages: readPrompt(prompt, warn),
    ...(tools && tools.length > 0 && { tools: tools.map(readTool) }),
    ...(toolChoice && { toolChoice: toolChoice.type === "tool" ? { name: toolChoice.toolName } : toolChoice.type }),
    ...(responseFormat?.type === "json" && {
      output: {
        ...(responseFormat.schema && { schema: schemaOf(responseFormat.schema) }),
        ...(responseFormat.name !== undefined && { name: responseFormat.name }),
        ...(responseFormat.description !== undefined && { description: responseFormat.description }),
      },
    }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(topK !== undefined && { topK }),
    ...(presencePenalty !== undefined && { presencePenalty }),
    ...(frequencyPenalty !== undefined && { frequencyPenalty }),
    ...(seed !== undefined && { seed }),
    ...(stopSequences && stopSequences.length > 0 && { stop: stopSequences }),
    ...(suffix !== undefined && { suffix }),
    ...(reasoning !== undefined && { reasoning }),
    ...(read.providerOptions && { providerOptions: read.providerOptions }),
    ...(abortSignal && { signal: abortSignal }),
    ...(Object.keys(sent).length > 0 && { headers: sent }),
    ...(Object.keys(tags).length > 0 && { tags }),
  };
  return { request, warnings };
}

function readTool(tool: NonNullable<LanguageModelV4CallOptions["tools"]>[number]): Tool {
  if (tool.type === "provider") {
    const { id, name, args } = tool;
    const dot = id.indexOf(".");
    const options = underscored(id.slice(0, dot), plainOf(args));
    const provided: ProviderTool = {
      type: "provider",
      id,
      ...(name !== id.slice(dot + 1) && { name }),
      ...(Object.keys(options).length > 0 && { options }),
    };
    return provided;
  }
  const { name, description, inputSchema, inputExamples, strict, providerOptions } = tool;
  const { owned } = readMetadata(providerOptions, inputExamples && { inputExamples });
  const ours: FunctionTool = {
    type: "function",
    name,
    ...(description !== undefined && { description }),
    input: schemaOf(inputSchema),
    ...(strict !== undefined && { strict }),
    ...owned,
  };
  return ours;
}

/** Without the note which draft it is of: some providers refuse that. */
function schemaOf(schema: object): JsonSchema {
  return without(schema as JsonSchema, "$schema");
}

function readReasoning(
  { reasoning }: LanguageModelV4CallOptions,
  kept: JsonObject,
  warn: Warn,
): ModelRequest["reasoning"] {
  const budgetTokens = countOf(objectOf(kept["reasoning"])?.["budgetTokens"]);
  if (budgetTokens !== undefined) return { budgetTokens };
  if (reasoning === "xhigh") {
    warn({
      code: "adapted",
      path: "reasoning",
      message: "There is no effort between `high` and `max`; `xhigh` is sent as `max`.",
    });
  }
  return readEffort(reasoning);
}

/** The members that are text. */
function textsOf(members: Json | { readonly [name: string]: string | undefined } | undefined): Record<string, string> {
  if (typeof members !== "object" || members === null) return {};
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
