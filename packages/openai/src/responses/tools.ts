import type { FunctionTool, Json, JsonObject, ModelRequest, ProviderTool, Tool } from "@plugboard/core";
import { mergeProviderOptions, wireToolName } from "@plugboard/wire";
import { whyNotStrict } from "../shared/strict-schema.ts";
import { ownData, understands, unsupported, warn } from "../shared/writing.ts";
import type { ResponsesWriting } from "./writing.ts";

/** The members of the body that are about tools. */
export function writeTools({ tools = [], toolChoice }: ModelRequest, writing: ResponsesWriting): Record<string, Json> {
  const written: JsonObject[] = [];
  /** By name, what a choice says to mean the tool. */
  const choices = new Map<string, JsonObject>();
  tools.forEach((tool, place) => {
    const path = `tools[${place}]`;
    const own = tool.type === "provider" ? writeProviderTool(tool, path, writing) : writeFunction(tool, path, writing);
    if (!own) return;
    written.push(own);
    choices.set(nameOf(tool), choiceOf(own));
  });
  if (toolChoice === undefined) return written.length > 0 ? { tools: written } : {};
  const wanted = typeof toolChoice === "object" ? choices.get(toolChoice.name) : toolChoice;
  if (wanted === undefined) {
    const { name } = toolChoice as { readonly name: string };
    throw unsupported(writing, `\`toolChoice\` names ${name}, which cannot be sent.`);
  }
  if (written.length > 0) return { tools: written, tool_choice: wanted };
  if (wanted === "required") warn(writing, "dropped", "toolChoice", "There is no tool to choose.");
  return {};
}

/** What calls and results call a tool. */
export function nameOf(tool: Tool): string {
  return tool.type === "provider" ? (tool.name ?? typeOf(tool)) : tool.name;
}

/** The provider's name for a tool of its own, without a version: `web_search` of `openai.web_search_preview`. */
export function familyOf(tool: ProviderTool): string {
  return typeOf(tool).replace(/(_preview)?(_\d{4}_\d{2}_\d{2})?$/, "");
}

function typeOf({ id }: ProviderTool): string {
  return id.slice(id.indexOf(".") + 1);
}

function writeFunction(tool: FunctionTool, path: string, writing: ResponsesWriting): JsonObject {
  const { name, description, input, strict } = tool;
  const { provider } = writing.dialect;
  const wire = wireToolName(name, path, writing.names, (warning) => writing.warnings.push(warning));
  const flaw = strict && (writing.dialect.strict ? whyNotStrict(input) : `${provider} has no strict mode`);
  if (flaw) warn(writing, "adapted", `${path}.strict`, `The arguments cannot be held to the schema: ${flaw}.`);
  const written: JsonObject = {
    type: "function",
    name: wire,
    ...(description !== undefined && { description }),
    parameters: input["type"] === undefined ? { type: "object", properties: {}, ...input } : input,
    // Left out, the API is strict where the schema allows it.
    ...(strict !== undefined && writing.dialect.strict && { strict: strict && !flaw }),
  };
  const own = ownData(tool, path, writing);
  return own ? mergeProviderOptions(written, own) : written;
}

/** Passed on as it is: what tools a provider has, it says itself. */
function writeProviderTool(tool: ProviderTool, path: string, writing: ResponsesWriting): JsonObject | undefined {
  const owner = tool.id.slice(0, tool.id.indexOf("."));
  if (!understands(writing.dialect, owner)) {
    warn(writing, "dropped", path, `${writing.dialect.provider} has no tool ${tool.id}.`);
    return undefined;
  }
  const type = typeOf(tool);
  return { type, ...(type === "custom" && { name: writing.names.toWire(nameOf(tool)) }), ...tool.options };
}

/** A choice by type is not taken for every tool, one of a list of one is. */
function choiceOf(tool: JsonObject): JsonObject {
  const { type, name, server_label: server } = tool;
  if (type === "function" || type === "custom") return { type, name: name! };
  const named = type === "mcp" && server !== undefined ? { type, server_label: server } : { type: type! };
  return { type: "allowed_tools", mode: "required", tools: [named] };
}
