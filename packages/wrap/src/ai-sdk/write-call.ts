import type { JsonObject, ModelRequest, Reasoning, Tool, ToolChoice, Warning } from "@plugboard/core";
import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  LanguageModelV4ProviderTool,
  LanguageModelV4ToolChoice,
} from "@ai-sdk/provider";
import { ours, theirData, writeMetadata } from "./metadata.ts";
import type { Warn } from "./metadata.ts";
import { writeProviderOptions } from "./provider-options.ts";
import { writePrompt } from "./write-prompt.ts";

/** A request in their words, and what it lost. */
export interface WrittenCall {
  readonly options: LanguageModelV4CallOptions;
  readonly warnings: readonly Warning[];
}

/** A request in their words. */
export function writeCall(request: ModelRequest): WrittenCall {
  const warnings: Warning[] = [];
  const warn: Warn = (warning) => void warnings.push(warning);
  const { messages, tools, toolChoice, output, reasoning, suffix, stop, signal, headers } = request;
  const { maxOutputTokens, temperature, topP, topK, presencePenalty, frequencyPenalty, seed } = request;
  const kept: Record<string, JsonObject[string]> = {};

  const effort = reasoning === undefined ? undefined : writeEffort(reasoning);
  if (typeof reasoning === "object") {
    kept["reasoning"] = { ...reasoning };
    const message = `The AI SDK has no budget of tokens for thinking; it is sent as the effort "${effort}".`;
    warn({ code: "adapted", path: "reasoning", message });
  }
  if (suffix !== undefined) {
    kept["suffix"] = suffix;
    warn({ code: "dropped", path: "suffix", message: "The AI SDK has no word for what stands after a gap." });
  }
  const providerOptions = {
    ...writeProviderOptions(request.providerOptions),
    ...(Object.keys(kept).length > 0 && { [ours]: kept }),
  };

  const options: LanguageModelV4CallOptions = {
    prompt: writePrompt(messages, warn),
    ...(tools && { tools: tools.map((tool, place) => writeTool(tool, `tools[${place}]`, warn)) }),
    ...(toolChoice !== undefined && { toolChoice: writeToolChoice(toolChoice) }),
    ...(output && {
      responseFormat: {
        type: "json",
        ...(output.schema && { schema: output.schema as object }),
        ...(output.name !== undefined && { name: output.name }),
        ...(output.description !== undefined && { description: output.description }),
      },
    }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(topK !== undefined && { topK }),
    ...(presencePenalty !== undefined && { presencePenalty }),
    ...(frequencyPenalty !== undefined && { frequencyPenalty }),
    ...(seed !== undefined && { seed }),
    ...(stop && { stopSequences: [...stop] }),
    ...(effort !== undefined && { reasoning: effort }),
    ...(Object.keys(providerOptions).length > 0 && { providerOptions }),
    ...(signal && { abortSignal: signal }),
    ...(headers && { headers }),
  };
  return { options, warnings };
}

function writeTool(tool: Tool, path: string, warn: Warn): LanguageModelV4FunctionTool | LanguageModelV4ProviderTool {
  if (tool.type === "provider") {
    const { id, name = tool.id.slice(tool.id.indexOf(".") + 1), options, providerData } = tool;
    if (providerData)
      warn({ code: "dropped", path, message: "The AI SDK has no data of providers on a provider's tool." });
    const [provider = ""] = id.split(".", 1);
    return { type: "provider", id, name, args: writeProviderOptions({ [provider]: options ?? {} })[provider]! };
  }
  const { name, description, input, strict, providerData } = tool;
  const { inputExamples } = theirData(tool);
  const providerOptions = writeMetadata(providerData);
  return {
    type: "function",
    name,
    ...(description !== undefined && { description }),
    inputSchema: input as object,
    ...(Array.isArray(inputExamples) && { inputExamples: inputExamples as { input: JsonObject }[] }),
    ...(strict !== undefined && { strict }),
    ...(providerOptions && { providerOptions }),
  };
}

function writeToolChoice(choice: ToolChoice): LanguageModelV4ToolChoice {
  return typeof choice === "string" ? { type: choice } : { type: "tool", toolName: choice.name };
}

/** A budget by the level whose budget is nearest to it, as the AI SDK itself counts them for a model of 32,000 tokens. */
function writeEffort(reasoning: Reasoning): NonNullable<LanguageModelV4CallOptions["reasoning"]> {
  if (typeof reasoning === "string") return reasoning;
  const { budgetTokens } = reasoning;
  if (budgetTokens === 0) return "none";
  const level = budgets.find(([, most]) => budgetTokens <= most);
  return level?.[0] ?? "max";
}

const budgets = [
  ["minimal", 1_024],
  ["low", 4_096],
  ["medium", 12_288],
  ["high", 24_576],
] as const;
