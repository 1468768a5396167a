import type { FunctionTool, ModelRequest, Tool, Warning } from "@plugboard/core";
import type { ClaudeAbilities, LegalNames, OutputTool, StrictRoom } from "@plugboard/wire";
import type { Block } from "./messages.ts";
import { checkToolInput, strictSchema, warnTold, wireToolName, without } from "@plugboard/wire";
import { owner, ownData } from "./messages.ts";
import { wireNameOf } from "./tool-names.ts";

interface ToolContext {
  readonly abilities: ClaudeAbilities;
  readonly room: StrictRoom;
  readonly names: LegalNames;
  readonly warn: (warning: Warning) => void;
}

/**
 * A tool as it is written: none where it is another provider's.
 *
 * @throws {ModelError} `invalid-request` for a tool whose input is no object
 */
export function wireToolOf(tool: Tool, path: string, context: ToolContext): Block[] {
  const { names, warn } = context;
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
  checkToolInput(tool, path);
  return [
    {
      name: wireToolName(tool.name, path, names, warn),
      ...(tool.description !== undefined && { description: tool.description }),
      ...inputOf(tool, path, context),
      ...own,
    },
  ];
}

function inputOf({ input, strict }: FunctionTool, path: string, { abilities, room, warn }: ToolContext): Block {
  const loose = { ...without(input), type: "object" };
  if (!strict) return { input_schema: loose, ...(strict === false && { strict: false }) };
  const held = abilities.structured ? strictSchema(loose, room) : undefined;
  if (held) {
    warnTold("Anthropic", held.told, `${path}.input`, warn);
    return { input_schema: held.schema, strict: true };
  }
  const message = abilities.structured
    ? "The schema is outside what Anthropic can hold a model to, or more than it takes in one request."
    : "The model cannot be held to the schema of a tool here.";
  warn({ code: "dropped", path: `${path}.strict`, message });
  return { input_schema: loose };
}

/** Which of the tools must or may be called; where one of them is the answer, it or what leads to it. */
export function choiceOf(
  { toolChoice, tools = [] }: ModelRequest,
  names: LegalNames,
  outputTool: OutputTool | undefined,
): Block | undefined {
  if (outputTool && typeof toolChoice !== "object") {
    // Any of the tools may be called on the way to the answer, unless there are none or none may be.
    const free = tools.length > 0 && toolChoice !== "none";
    return free ? { type: "any" } : { type: "tool", name: outputTool.name };
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

/** Whether a call is not left to the model. */
export function isForced(choice: Block | undefined): boolean {
  return choice?.["type"] === "any" || choice?.["type"] === "tool";
}
