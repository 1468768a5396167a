import type { Json, JsonObject, ModelRequest, Tool, Warning } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import type { LegalNames, OutputTool } from "@plugboard/wire";
import {
  checkToolInput,
  claudeAbilities,
  legalNames,
  mergeProviderOptions,
  objectOf,
  outputToolInstruction,
  outputToolOf,
  outputToolWarning,
  strictSchema,
  warnTold,
  wireToolName,
  without,
} from "@plugboard/wire";
import type { Family } from "./family.ts";
import { familyOf } from "./family.ts";
import type { Block } from "./messages.ts";
import { provider } from "../provider.ts";
import { claudeInference, plainInference } from "./reasoning.ts";
import { cachePointOf, conversationOf } from "./turns.ts";

/** A request in Bedrock's words, and what its answer is to be read with. */
export interface EncodedRequest {
  readonly body: JsonObject;
  readonly warnings: readonly Warning[];
  readonly names: LegalNames;
  readonly outputTool?: OutputTool | undefined;
  /** The model may think without a word of it. */
  readonly hiddenReasoning: boolean;
}

type Warn = (warning: Warning) => void;

/**
 * Writes a request, and tells what it adapted or dropped.
 *
 * @param model - the id, or that of the model behind an ARN: what it takes depends on it
 * @throws {ModelError} `unsupported` or `invalid-request`, naming the field
 */
export function encodeConverse(request: ModelRequest, model: string): EncodedRequest {
  if (request.suffix !== undefined) {
    throw new ModelError("`suffix`: the Converse API does not fill in the middle.", { code: "unsupported" });
  }
  const warnings: Warning[] = [];
  const warn = (warning: Warning): void => void warnings.push(warning);
  const family = familyOf(model);
  const names = toolNames(request.tools);
  const output = outputOf(request, model, family, names, warn);
  const allowed = request.toolChoice === "none" ? [] : (request.tools ?? []);
  const tools = allowed.flatMap((tool, place) => toolsOf(tool, `tools[${place}]`, family, names, warn));
  if (output.tool) tools.push(output.tool);

  const conversation = conversationOf(request.messages, {
    family,
    tools: tools.length > 0,
    warn,
    toolName: names.toWire,
  });
  const wanted = tools.length === 0 ? undefined : choiceOf(request, names, output.outputTool, tools);
  const choice = possibleChoice(wanted, family, request, warn);
  const abilities = claudeAbilities(model);
  const asked = prefilledRequest(request, conversation.prefilled, model, family, warn);
  const inference = family.claude
    ? claudeInference(asked, abilities, isForced(choice), warn)
    : plainInference(asked, family, warn);
  const toolChoice = unforced(choice, family.claude === true && inference.thinks, request, warn);

  const system = [...conversation.system];
  if (output.outputTool && !isForced(toolChoice)) {
    system.push({ text: outputToolInstruction(output.outputTool) });
  }
  const stop = stopOf(request);
  const config = { ...inference.config, ...(stop && { stopSequences: stop }) };
  const body: Record<string, Json> = {
    messages: conversation.turns.map(({ role, blocks }) => ({ role, content: blocks })),
    ...(system.length > 0 && { system }),
    ...(Object.keys(config).length > 0 && { inferenceConfig: config }),
    ...(tools.length > 0 && { toolConfig: { tools, ...(toolChoice && { toolChoice }) } }),
    ...(output.format && { outputConfig: { textFormat: output.format } }),
    ...(Object.keys(inference.fields).length > 0 && { additionalModelRequestFields: inference.fields }),
  };
  for (const name of ["seed", "presencePenalty", "frequencyPenalty"] as const) {
    if (request[name] !== undefined) {
      warn({ code: "dropped", path: name, message: `The Converse API has no \`${name}\`.` });
    }
  }
  return {
    body: withOwn(body, request.providerOptions?.[provider]),
    warnings,
    names,
    outputTool: output.outputTool,
    hiddenReasoning: inference.hiddenReasoning,
  };
}

/**
 * A request that ends with words of the assistant's, to go on from: Claude does not think then, and from 4.6 on does not do it.
 *
 * @throws {ModelError} `unsupported` for a Claude that refuses it
 */
function prefilledRequest(
  request: ModelRequest,
  prefilled: boolean,
  model: string,
  { claude }: Family,
  warn: Warn,
): ModelRequest {
  if (!prefilled || !claude) return request;
  if (!claudeAbilities(model).prefill) {
    const message = `${model} does not go on from an assistant message: the last of \`messages\` must be of the user or a tool.`;
    throw new ModelError(message, { code: "unsupported" });
  }
  if (request.reasoning === undefined || request.reasoning === "none") return request;
  const message = "A model that goes on from an assistant message does not think.";
  warn({ code: "dropped", path: "reasoning", message });
  return { ...request, reasoning: "none" };
}

const longestName = 64;

function toolNames(tools: readonly Tool[] = []): LegalNames {
  const legal = (name: string): string => name.replaceAll(/[^a-zA-Z0-9_-]/g, "_").slice(0, longestName) || "_";
  const settled: (readonly [string, string])[] = [];
  const names: string[] = [];
  for (const tool of tools) {
    if (tool.type === "provider") settled.push([tool.name ?? tool.id, systemNameOf(tool.id)]);
    else names.push(tool.name);
  }
  return legalNames(names, { legal, longest: longestName, settled });
}

/** The name of a tool that Bedrock runs: that of `bedrock.nova_grounding` is `nova_grounding`. */
function systemNameOf(id: string): string {
  return id.slice(id.indexOf(".") + 1);
}

function toolsOf(tool: Tool, path: string, family: Family, names: LegalNames, warn: Warn): Block[] {
  const mark = cachePointOf(tool, family.claude === true);
  if (tool.type === "provider") {
    if (tool.id.startsWith(`${provider}.`)) return [{ systemTool: { name: systemNameOf(tool.id) } }, ...mark];
    warn({ code: "dropped", path, message: `The tool ${tool.id} is another provider's.` });
    return [];
  }
  checkToolInput(tool, path);
  const { schema, strict } = inputOf(tool, path, warn);
  const spec = {
    name: wireToolName(tool.name, path, names, warn),
    ...(tool.description && { description: tool.description }),
    inputSchema: { json: schema },
    ...(strict && { strict }),
  };
  return [{ toolSpec: spec }, ...mark];
}

function inputOf(
  { input, strict }: Extract<Tool, { readonly input: unknown }>,
  path: string,
  warn: Warn,
): { readonly schema: JsonObject; readonly strict?: true } {
  const loose = { ...without(input), type: "object" };
  if (!strict) return { schema: loose };
  const held = strictSchema(loose);
  if (held) {
    warnTold("Bedrock", held.told, `${path}.input`, warn);
    return { schema: held.schema, strict: true };
  }
  const message = "The schema is outside what Bedrock can hold a model to.";
  warn({ code: "dropped", path: `${path}.strict`, message });
  return { schema: loose };
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
  model: string,
  family: Family,
  names: LegalNames,
  warn: Warn,
): Output {
  if (!output) return {};
  const structured = family.claude ? claudeAbilities(model).structured : family.structured === true;
  const strict = structured && output.schema ? strictSchema(output.schema) : undefined;
  if (strict) {
    warnTold("Bedrock", strict.told, "output.schema", warn);
    const jsonSchema = {
      name: output.name ?? "output",
      schema: JSON.stringify(strict.schema),
      ...(output.description && { description: output.description }),
    };
    return { format: { type: "json_schema", structure: { jsonSchema } } };
  }
  warn(outputToolWarning("Bedrock", output, structured));
  const outputTool = outputToolOf(output, tools, names);
  const { name, description, input } = outputTool;
  return { tool: { toolSpec: { name, description, inputSchema: { json: input } } }, outputTool };
}

function choiceOf(
  { toolChoice, tools = [] }: ModelRequest,
  names: LegalNames,
  outputTool: OutputTool | undefined,
  offered: readonly Block[],
): Block | undefined {
  if (outputTool && typeof toolChoice !== "object") {
    // Any of the tools may be called on the way to the answer, unless there are none or none may be.
    const free = tools.length > 0 && toolChoice !== "none";
    return free ? { any: {} } : { tool: { name: outputTool.name } };
  }
  if (typeof toolChoice === "object") {
    const name = names.toWire(toolChoice.name);
    const known = offered.some(
      ({ toolSpec, systemTool }) => (objectOf(toolSpec) ?? objectOf(systemTool))?.["name"] === name,
    );
    return known ? { tool: { name } } : undefined;
  }
  if (toolChoice === "required") return { any: {} };
  return toolChoice === "auto" ? { auto: {} } : undefined;
}

/** What the family can be made to do of what is wanted. */
function possibleChoice(
  choice: Block | undefined,
  { forced }: Family,
  { toolChoice, output }: ModelRequest,
  warn: Warn,
): Block | undefined {
  const path = typeof toolChoice === "object" || !output ? "toolChoice" : "output";
  if (typeof toolChoice === "object" && choice === undefined) {
    const message = "The tool that is asked for is not one that Bedrock is given.";
    warn({ code: "dropped", path: "toolChoice", message });
  }
  if (!isForced(choice) || forced === "tool") return choice;
  if (forced === "any") {
    if (choice?.["tool"] !== undefined) {
      const message = "The model cannot be made to call one tool; it must call any.";
      warn({ code: "adapted", path, message });
    }
    return { any: {} };
  }
  warn({ code: "adapted", path, message: "The model cannot be made to call a tool; it is left to choose." });
  return { auto: {} };
}

/** A Claude that thinks is left to choose. */
function unforced(choice: Block | undefined, thinks: boolean, { output }: ModelRequest, warn: Warn): Block | undefined {
  if (!thinks || !isForced(choice)) return choice;
  const message = "A model that thinks cannot be forced to call a tool; it is left to choose.";
  warn({ code: "adapted", path: output ? "output" : "toolChoice", message });
  return { auto: {} };
}

function isForced(choice: Block | undefined): boolean {
  return choice?.["any"] !== undefined || choice?.["tool"] !== undefined;
}

function stopOf({ stop }: ModelRequest): string[] | undefined {
  return stop && stop.length > 0 ? [...stop] : undefined;
}

/** What the application wrote for Bedrock itself stands over the rest. What is a union on the wire is replaced whole. */
function withOwn(body: Record<string, Json>, own: JsonObject | undefined): JsonObject {
  const choice = objectOf(own?.["toolConfig"])?.["toolChoice"];
  const config = objectOf(body["toolConfig"]);
  const base = choice !== undefined && config ? { ...body, toolConfig: without(config, "toolChoice") } : body;
  return mergeProviderOptions(base, own);
}
