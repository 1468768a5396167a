import type { FunctionTool, Json, JsonObject, ModelRequest, Prompt, Tool, Warning } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { mergeProviderOptions, ownersOf } from "@plugboard/wire";
import type { Warn } from "./messages.ts";
import { writeMessages } from "./messages.ts";

/** What is sent to `/api/chat`, and what had to be adapted or dropped for it. */
export interface EncodedChat {
  readonly body: JsonObject;
  readonly warnings: readonly Warning[];
}

/** Our names of what Ollama takes in `options`. */
export const optionNames: Readonly<Record<OptionName, string>> = {
  maxOutputTokens: "num_predict",
  temperature: "temperature",
  topP: "top_p",
  topK: "top_k",
  presencePenalty: "presence_penalty",
  frequencyPenalty: "frequency_penalty",
  stop: "stop",
  seed: "seed",
};

type OptionName =
  | "maxOutputTokens"
  | "temperature"
  | "topP"
  | "topK"
  | "presencePenalty"
  | "frequencyPenalty"
  | "stop"
  | "seed";

/** The levels of `think`, and up to how many tokens of thought each stands for where a budget was asked for. */
const levels = [
  { level: "low", tokens: 2_048 },
  { level: "medium", tokens: 8_192 },
  { level: "high", tokens: 32_768 },
  { level: "max", tokens: Infinity },
] as const;

/**
 * A request as the body of `/api/chat`.
 *
 * @throws {ModelError} `unsupported`, for what the protocol cannot express and the answer cannot do without: a file that is not an
 * image, an image by URL, a suffix
 */
export function encode(model: string, request: ModelRequest): EncodedChat {
  if (request.suffix !== undefined) {
    throw new ModelError("Ollama's chat cannot fill in the middle: `suffix` has no place in it.", {
      code: "unsupported",
      provider: "ollama",
      model,
    });
  }
  const warnings: Warning[] = [];
  const warn: Warn = (warning) => void warnings.push(warning);
  const messages = writeMessages(request.messages, warn);
  const tools = encodeTools(request, warn);
  const think = encodeThink(request.reasoning, warn);
  const format = encodeFormat(request.output, warn);
  const options = encodeOptions(request);
  const body: JsonObject = {
    model,
    messages,
    stream: request.stream === true, // Ollama streams unless told not to
    ...(tools.length > 0 && { tools }),
    ...(think !== undefined && { think }),
    ...(format !== undefined && { format }),
    ...(options && { options }),
  };
  // The caller's own members last; those of `options` beside ours, so that setting `num_ctx` does not undo the temperature.
  return { body: mergeProviderOptions(body, request.providerOptions?.["ollama"]), warnings };
}

function encodeTools({ tools = [], toolChoice = "auto" }: Prompt, warn: Warn): JsonObject[] {
  if (toolChoice === "none") return []; // what is not offered cannot be called
  let offered: readonly Tool[] = tools;
  if (toolChoice === "required") {
    warn({ code: "dropped", path: "toolChoice", message: "Ollama cannot make a model call a tool." });
  } else if (toolChoice !== "auto") {
    offered = tools.filter((tool) => tool.name === toolChoice.name);
    const message = `Ollama cannot make a model call a tool: \`${toolChoice.name}\` is the only one offered.`;
    warn({ code: "adapted", path: "toolChoice", message });
  }
  const encoded: JsonObject[] = [];
  for (const tool of offered) {
    const path = `tools[${tools.indexOf(tool)}]`;
    if (tool.type === "provider") {
      warn({ code: "dropped", path, message: `Ollama has no tool \`${tool.id}\`.` });
      continue;
    }
    if (tool.strict) {
      warn({ code: "dropped", path: `${path}.strict`, message: "Ollama cannot hold arguments to a schema." });
    }
    if (ownersOf(tool.providerData).length > 0) {
      warn({
        code: "dropped",
        path: `${path}.providerData`,
        message: "Ollama has no place for data of another provider.",
      });
    }
    encoded.push(encodeTool(tool));
  }
  return encoded;
}

/** Ollama reads `type` and `properties` of the schema without asking whether they are there. */
function encodeTool({ name, description, input }: FunctionTool): JsonObject {
  return {
    type: "function",
    function: {
      name,
      ...(description !== undefined && { description }),
      parameters: { type: "object", properties: {}, ...input },
    },
  };
}

function encodeThink(reasoning: Prompt["reasoning"], warn: Warn): boolean | string | undefined {
  if (reasoning === undefined) return undefined;
  if (reasoning === "none") return false;
  if (reasoning === "minimal") {
    warn({ code: "adapted", path: "reasoning", message: "The least that Ollama knows is `low`." });
    return "low";
  }
  if (typeof reasoning === "string") return reasoning;
  const { budgetTokens } = reasoning;
  if (budgetTokens === 0) return false;
  const { level } = levels.find(({ tokens }) => budgetTokens <= tokens)!;
  const message = `Ollama knows levels, not tokens: ${budgetTokens} became \`${level}\`, which is no limit.`;
  warn({ code: "adapted", path: "reasoning", message });
  return level;
}

function encodeFormat(output: Prompt["output"], warn: Warn): Json | undefined {
  if (!output) return undefined;
  if (output.description !== undefined) {
    warn({ code: "dropped", path: "output.description", message: "Ollama takes the schema alone." });
  }
  return output.schema ?? "json";
}

/** The numbers and stop sequences of a request, under Ollama's names. */
export function encodeOptions(request: Prompt): JsonObject | undefined {
  const options: Record<string, Json> = {};
  for (const name of Object.keys(optionNames) as OptionName[]) {
    const value = request[name];
    if (value !== undefined) options[optionNames[name]] = value;
  }
  return Object.keys(options).length > 0 ? options : undefined;
}
