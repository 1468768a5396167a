import type { ModelRequest, Warning } from "@plugboard/core";
import type { ClaudeAbilities, LegalNames, OutputTool, StrictRoom } from "@plugboard/wire";
import type { Block } from "./messages.ts";
import { outputToolOf, outputToolWarning, strictSchema, warnTold } from "@plugboard/wire";

/** How an answer in JSON is asked for: by one of the two. */
export interface OutputFormat {
  readonly format?: Block;
  /** As it is written among the tools, and as its call is read. */
  readonly tool?: { readonly wire: Block; readonly read: OutputTool };
}

interface OutputContext {
  readonly abilities: ClaudeAbilities;
  readonly room: StrictRoom;
  readonly names: LegalNames;
  readonly warn: (warning: Warning) => void;
}

/**
 * By a schema where the model and the schema allow it, and otherwise by a tool whose input is the answer; `decode` makes text of its
 * call.
 */
export function outputFormatOf(
  { output, tools = [] }: ModelRequest,
  { abilities, room, names, warn }: OutputContext,
): OutputFormat {
  if (!output) return {};
  const strict = abilities.structured && output.schema ? strictSchema(output.schema, room) : undefined;
  if (strict) {
    warnTold("Anthropic", strict.told, "output.schema", warn);
    const described = output.description !== undefined && strict.schema["description"] === undefined;
    const schema = described ? { ...strict.schema, description: output.description } : strict.schema;
    return { format: { type: "json_schema", schema } };
  }
  warn(outputToolWarning("Anthropic", output, abilities.structured));
  const read = outputToolOf(output, tools, names);
  return { tool: { wire: { name: read.name, description: read.description, input_schema: read.input }, read } };
}
