import type { FunctionTool, Json, JsonObject, ModelRequest, Tool, Warning } from "@plugboard/core";
import type { OutputTool } from "./decode.ts";
import type { AnthropicVersion, MessagesDialect } from "./dialect.ts";
import type { Block } from "./messages.ts";
import type { ClaudeAbilities, ClaudeThinking, LegalNames } from "@plugboard/wire";
import { ModelError } from "@plugboard/core";
import {
  claudeAbilities,
  claudeSampling,
  claudeThinking,
  mergeProviderOptions,
  strictSchema,
  without,
} from "@plugboard/wire";
import { owner, ownData } from "./messages.ts";
import { toolNames, wireNameOf } from "./tool-names.ts";
import { conversationOf } from "./turns.ts";

/** How a request is written. */
export interface EncodeOptions {
  readonly model: string;
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
  { model, dialect, version, beta = [] }: EncodeOptions,
): EncodedRequest {
  if (request.suffix !== undefined) {
    throw new ModelError("`suffix`: Anthropic's models do not fill in the middle.", { code: "unsupported" });
  }
  const warnings: Warning[] = [];
  const warn = (warning: Warning): void => void warnings.push(warning);
  const abilities = claudeAbilities(model);
  const names = toolNames(request.tools);
  const conversation = conversationOf(request.messages, { model, abilities, warn, toolName: names.toWire });
  const tools = (request.tools ?? []).flatMap((tool, place) => wireToolOf(tool, `tools[${place}]`, names, warn));

  const output = outputOf(request, abilities, names, warn);
  if (output.tool) tools.push(output.tool);
  let choice = tools.length === 0 ? undefined : choiceOf(request, names, output.outputTool);
  if (choice?.["type"] === "tool" && !tools.some(({ name }) => name === choice?.["name"])) {
    warn({
      code: "dropped",
      path: "toolChoice",
      message: "The tool that is asked for is not one that Anthropic is given.",
    });
    choice = undefined;
  }

  const thinking = thinkingFor(request, abilities, conversation.prefilled, isForced(choice), warn);
  if (thinking.thinks && isForced(choice)) {
    const message = "A model that thinks cannot be forced to call a tool; it is left to choose.";
    warn({ code: "adapted", path: request.output ? "output" : "toolChoice", message });
    choice = { type: "auto" };
  }
  const system = [...conversation.system];
  if (output.outputTool && choice?.["type"] === "auto") {
    system.push({
      type: "text",
      text: `Give your answer by calling the tool \`${output.outputTool.name}\`, and in no other way.`,
    });
  }

  const effort = thinking.effort === undefined ? {} : { effort: thinking.effort };
  const format = output.format ? { format: output.format } : {};
  const outputConfig: JsonObject = { ...effort, ...format };
  const stop = stopOf(request);
  const body: Record<string, Json> = {
    model,
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
    ...(output.outputTool && { outputTool: output.outputTool }),
    hiddenReasoning: thinking.thinks && abilities.hidesThoughts && thinking.thinking?.["display"] !== "summarized",
  };
}

/** A lone text without marks is written as text. */
function systemOf(blocks: readonly Block[]): Json {
  const [first] = blocks;
  return blocks.length === 1 && Object.keys(first!).length === 2 ? (first!["text"] ?? "") : [...blocks];
}

function wireToolOf(tool: Tool, path: string, names: LegalNames, warn: (warning: Warning) => void): Block[] {
  const own = ownData(tool.providerData);
  if (tool.type === "provider") {
    const [provider, type] = [tool.id.slice(0, tool.id.indexOf(".")), tool.id.slice(tool.id.indexOf(".") + 1)];
    if (provider !== owner) {
      warn({ code: "dropped", path, message: `The tool ${tool.id} is another provider's.` });
      return [];
    }
    // A toolset has tools with names of their own.
    const name = type.includes("_toolset_") ? {} : { name: wireNameOf(tool.id) };
    return [{ type, ...name, ...without(tool.options ?? {}), ...own }];
  }
  const type = tool.input["type"];
  if (type !== undefined && type !== "object") {
    throw new ModelError(
      `\`${path}.input\` must be a JSON Schema of the type object; its type is ${JSON.stringify(type)}.`,
      {
        code: "invalid-request",
      },
    );
  }
  return [
    {
      name: names.toWire(tool.name),
      ...(tool.description !== undefined && { description: tool.description }),
      ...strictInputOf(tool, path, warn),
      ...own,
    },
  ];
}

function strictInputOf(tool: FunctionTool, path: string, warn: (warning: Warning) => void): Block {
  const loose = { ...without(tool.input), type: "object" };
  if (!tool.strict) return { input_schema: loose, ...(tool.strict === false && { strict: false }) };
  const strict = strictSchema(loose);
  if (!strict) {
    warn({
      code: "dropped",
      path: `${path}.strict`,
      message: "The schema is outside what Anthropic can hold a model to.",
    });
    return { input_schema: loose };
  }
  warnTold(strict.told, `${path}.input`, warn);
  return { input_schema: strict.schema, strict: true };
}

function warnTold(told: readonly string[], path: string, warn: (warning: Warning) => void): void {
  if (told.length === 0) return;
  const message = `Anthropic does not hold a model to ${told.map((name) => `\`${name}\``).join(", ")}; the descriptions tell of it.`;
  warn({ code: "adapted", path, message });
}

interface Output {
  readonly format?: Block;
  readonly tool?: Block;
  readonly outputTool?: OutputTool;
}

/**
 * How an answer in JSON is asked for: by a schema where the model and the schema allow it, and otherwise by a tool whose input is the
 * answer; `decode` makes text of its call.
 */
function outputOf(
  { output, tools = [] }: ModelRequest,
  abilities: ClaudeAbilities,
  names: LegalNames,
  warn: (warning: Warning) => void,
): Output {
  if (!output) return {};
  const strict = abilities.structured && output.schema ? strictSchema(output.schema) : undefined;
  if (strict) {
    warnTold(strict.told, "output.schema", warn);
    const described = output.description !== undefined && strict.schema["description"] === undefined;
    const schema = described ? { ...strict.schema, description: output.description } : strict.schema;
    return { format: { type: "json_schema", schema } };
  }
  const why = !abilities.structured
    ? "The model takes no schema for its answer"
    : output.schema
      ? "Anthropic cannot hold an answer to this schema"
      : "Anthropic has no mode for JSON without a schema";
  warn({ code: "adapted", path: "output", message: `${why}; a tool whose input is the answer stands for it.` });
  const taken = new Set(tools.map((tool) => (tool.type === "provider" ? tool.name : tool.name)));
  let name = output.name ?? "output";
  while (taken.has(name)) name = `${name}_`;
  const schema = output.schema ?? { type: "object", additionalProperties: true };
  const wrapped = schema["type"] !== "object";
  const wireName = names.toWire(name);
  const description = ["Gives the final answer.", output.description].filter(Boolean).join(" ");
  const { $defs, ...root } = without(schema);
  const input: Block = wrapped
    ? { type: "object", properties: { value: root }, required: ["value"], ...($defs !== undefined && { $defs }) }
    : { ...without(schema), type: "object" };
  return { tool: { name: wireName, description, input_schema: input }, outputTool: { name: wireName, wrapped } };
}

function choiceOf(
  { toolChoice, tools = [] }: ModelRequest,
  names: LegalNames,
  outputTool: OutputTool | undefined,
): Block | undefined {
  if (outputTool) {
    // Any of the tools may be called on the way to the answer, unless there are none or none may be.
    const free = tools.length > 0 && toolChoice !== "none";
    if (typeof toolChoice !== "object") return free ? { type: "any" } : { type: "tool", name: outputTool.name };
  }
  switch (toolChoice) {
    case undefined:
      return undefined;
    case "auto":
    case "none":
      return { type: toolChoice };
    case "required":
      return { type: "any" };
    default:
      return { type: "tool", name: names.toWire(toolChoice.name) };
  }
}

function isForced(choice: Block | undefined): boolean {
  return choice?.["type"] === "any" || choice?.["type"] === "tool";
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
