import type { Json, JsonObject, ModelRequest, Warning } from "@plugboard/core";
import type { AnthropicVersion, MessagesDialect } from "./dialect.ts";
import type { Block } from "./messages.ts";
import type { ClaudeAbilities, ClaudeThinking, LegalNames, OutputTool } from "@plugboard/wire";
import { ModelError } from "@plugboard/core";
import {
  claudeAbilities,
  claudeSampling,
  claudeThinking,
  mergeProviderOptions,
  outputToolInstruction,
  strictRoom,
  without,
} from "@plugboard/wire";
import { owner } from "./messages.ts";
import { outputFormatOf } from "./output-format.ts";
import { toolNames } from "./tool-names.ts";
import { choiceOf, isForced, wireToolOf } from "./tools.ts";
import { conversationOf } from "./turns.ts";

/** How a request is written. */
export interface EncodeOptions {
  /** What goes on the wire. */
  readonly model: string;
  /** What the model takes is looked up by it. @default `model` */
  readonly catalogId?: string | undefined;
  readonly dialect: MessagesDialect;
  /** The API version: the newer one has no sampling parameters. */
  readonly version: string;
  readonly beta?: readonly string[];
}

/** A request in Anthropic's words, and what its answer is to be read with. */
export interface EncodedRequest {
  readonly body: JsonObject;
  readonly warnings: readonly Warning[];
  readonly names: LegalNames;
  readonly outputTool?: OutputTool;
  /** The model may think without a word of it. */
  readonly hiddenReasoning: boolean;
}

/**
 * Writes a request, and tells what it adapted or dropped.
 *
 * @throws {ModelError} `unsupported` or `invalid-request`, naming the field
 */
export function encodeRequest(
  request: ModelRequest,
  { model, catalogId = model, dialect, version, beta = [] }: EncodeOptions,
): EncodedRequest {
  if (request.suffix !== undefined) {
    throw new ModelError("`suffix`: Anthropic's models do not fill in the middle.", { code: "unsupported" });
  }
  const warnings: Warning[] = [];
  const warn = (warning: Warning): void => void warnings.push(warning);
  const abilities = abilitiesOf(catalogId, dialect);
  const names = toolNames(request.tools);
  const { fetchesFiles } = dialect;
  const conversation = conversationOf(request.messages, {
    model,
    abilities,
    fetchesFiles,
    warn,
    toolName: names.toWire,
  });
  const context = { abilities, room: strictRoom(), names, warn };
  const output = outputFormatOf(request, context); // before the tools: its schema matters more than theirs
  const tools = (request.tools ?? []).flatMap((tool, place) => wireToolOf(tool, `tools[${place}]`, context));
  const outputTool = output.tool?.read;
  if (output.tool) tools.push(output.tool.wire);
  let choice = tools.length === 0 ? undefined : choiceOf(request, names, outputTool);
  if (choice?.["type"] === "tool" && !tools.some(({ name }) => name === choice?.["name"])) {
    const message = "The tool that is asked for is not one that Anthropic is given.";
    warn({ code: "dropped", path: "toolChoice", message });
    choice = undefined;
  }

  const thinking = thinkingFor(request, abilities, conversation.prefilled, isForced(choice), warn);
  if (thinking.thinks && isForced(choice)) {
    const message = "A model that thinks cannot be forced to call a tool; it is left to choose.";
    warn({ code: "adapted", path: request.output ? "output" : "toolChoice", message });
    choice = { type: "auto" };
  }
  const system = [...conversation.system];
  if (outputTool && choice?.["type"] === "auto") system.push({ type: "text", text: outputToolInstruction(outputTool) });

  const effort = thinking.effort === undefined ? {} : { effort: thinking.effort };
  const format = output.format ? { format: output.format } : {};
  const outputConfig: JsonObject = { ...effort, ...format };
  const stop = stopOf(request);
  const body: Record<string, Json> = {
    ...(!dialect.told.includes("model") && { model }),
    max_tokens: thinking.maxTokens,
    ...(system.length > 0 && { system: systemOf(system) }),
    messages: conversation.turns.map(({ role, blocks }) => ({ role, content: blocks })),
    ...(tools.length > 0 && { tools }),
    ...(choice && { tool_choice: choice }),
    ...(thinking.thinking && { thinking: thinking.thinking }),
    ...(Object.keys(outputConfig).length > 0 && { output_config: outputConfig }),
    ...samplingOf(request, abilities, version, thinking, warn),
    ...(stop && { stop_sequences: stop }),
    ...(dialect.version.in === "body" && { [dialect.version.name]: version }),
    ...(dialect.beta.in === "body" && beta.length > 0 && { [dialect.beta.name]: [...beta] }),
  };
  for (const name of ["seed", "presencePenalty", "frequencyPenalty"] as const) {
    if (request[name] !== undefined) warn({ code: "dropped", path: name, message: `Anthropic has no \`${name}\`.` });
  }
  return {
    body: withOwn(body, request.providerOptions?.[owner]),
    warnings,
    names,
    ...(outputTool && { outputTool }),
    hiddenReasoning: thinking.thinks && abilities.hidesThoughts && thinking.thinking?.["display"] !== "summarized",
  };
}

/** What the model takes, on this platform. */
function abilitiesOf(model: string, { structured }: MessagesDialect): ClaudeAbilities {
  const abilities = claudeAbilities(model);
  return structured ? abilities : { ...abilities, structured };
}

/** A lone text without marks is written as text. */
function systemOf(blocks: readonly Block[]): Json {
  const [first] = blocks;
  return blocks.length === 1 && Object.keys(first!).length === 2 ? first!["text"]! : [...blocks];
}

function thinkingFor(
  request: ModelRequest,
  abilities: ClaudeAbilities,
  prefilled: boolean,
  forced: boolean,
  warn: (warning: Warning) => void,
): ClaudeThinking {
  const asked = request.reasoning !== undefined && request.reasoning !== "none";
  if (!prefilled || !asked) return claudeThinking(request, abilities, forced, warn);
  warn({
    code: "dropped",
    path: "reasoning",
    message: "A model that goes on from an assistant message does not think.",
  });
  return claudeThinking({ ...request, reasoning: "none" }, abilities, forced, warn);
}

/** From this version on, the API has no sampling parameters. */
const samplingless: AnthropicVersion = "2026-10-21";

function samplingOf(
  request: ModelRequest,
  abilities: ClaudeAbilities,
  version: string,
  { thinks }: ClaudeThinking,
  warn: (warning: Warning) => void,
): Block {
  // Other platforms have versions of their own: `vertex-2023-10-16`.
  if (version >= samplingless && /^\d/.test(version)) {
    const message = `The API version ${version} has no sampling parameters.`;
    for (const name of ["temperature", "topP", "topK"] as const) {
      if (request[name] !== undefined) warn({ code: "dropped", path: name, message });
    }
    return {};
  }
  const { temperature, topP, topK } = claudeSampling(request, abilities, thinks, warn);
  return {
    ...(temperature !== undefined && { temperature }),
    ...(topK !== undefined && { top_k: topK }),
    ...(topP !== undefined && { top_p: topP }),
  };
}

function stopOf({ stop }: ModelRequest): string[] | undefined {
  if (!stop || stop.length === 0) return undefined;
  stop.forEach((text, place) => {
    if (text.trim() !== "") return;
    throw new ModelError(
      `\`stop[${place}]\` is blank; Anthropic takes stop sequences with something else than blanks in them.`,
      {
        code: "invalid-request",
      },
    );
  });
  return [...stop];
}

/** What the application wrote for Anthropic itself stands over the rest. What is a union on the wire is replaced whole. */
function withOwn(body: Record<string, Json>, own: JsonObject | undefined): JsonObject {
  const replaced = ["thinking", "tool_choice"].filter((name) => own?.[name] !== undefined);
  return mergeProviderOptions(without(body, ...replaced), own);
}
