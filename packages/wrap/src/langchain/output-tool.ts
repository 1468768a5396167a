import type { AssistantPart, OutputSchema, Tool } from "@plugboard/core";
import type { BindToolsInput } from "@langchain/core/language_models/chat_models";
import type { OutputTool } from "@plugboard/wire";
import { answerText, callArguments, legalNames, outputToolOf } from "@plugboard/wire";

/** A tool whose input is the answer, as LangChain is told of it. */
export interface BoundOutputTool extends OutputTool {
  readonly tool: BindToolsInput;
}

/** The tool that stands for an answer in JSON. */
export function writeOutputTool(output: OutputSchema, tools: readonly Tool[]): BoundOutputTool {
  const names = legalNames([], { legal: (name) => name.replaceAll(/[^A-Za-z0-9_-]/g, "_").slice(0, 64), longest: 64 });
  const { name, wrapped, description, input } = outputToolOf(output, tools, names);
  return { name, wrapped, tool: { type: "function", function: { name, description, parameters: { ...input } } } };
}

/** An answer whose call of that tool is the text that was asked for. */
export function answered(part: AssistantPart, tool: OutputTool | undefined): AssistantPart {
  if (!tool || part.type !== "tool-call" || part.name !== tool.name) return part;
  return { type: "text", text: answerText(callArguments(part), tool) };
}
