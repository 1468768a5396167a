import type { Json, JsonObject, ToolResultPart } from "@plugboard/core";
import { mergeProviderOptions } from "@plugboard/wire";
import { callId } from "../shared/call-ids.ts";
import { ownData } from "../shared/writing.ts";
import { writeContent } from "./content.ts";
import type { ResponsesWriting } from "./writing.ts";

/** The longest id of a call that the protocol takes. */
export const longestId = 64;

/** The result of a call. */
export function writeResult(
  result: ToolResultPart,
  custom: boolean,
  path: string,
  writing: ResponsesWriting,
): JsonObject {
  const { item: _, type: __, ...data } = ownData(result, path, writing) ?? {};
  return mergeProviderOptions(outputItem(result.id, custom, writeOutput(result, path, writing)), data);
}

/** @param custom - the tool takes free text */
export function outputItem(id: string, custom: boolean, output: string | JsonObject[]): JsonObject {
  const type = custom ? "custom_tool_call_output" : "function_call_output";
  return { type, call_id: callId(id, longestId), output };
}

/** Text where it is nothing else, with JSON written out; otherwise pieces. A failure says so in words. */
export function writeOutput(
  { output, isError }: ToolResultPart,
  path: string,
  writing: ResponsesWriting,
): string | JsonObject[] {
  if (typeof output !== "string" && output.some(({ type }) => type === "file")) {
    const pieces = writeContent(output, `${path}.output`, writing);
    return isError ? [{ type: "input_text", text: "Error:" }, ...pieces] : pieces;
  }
  const text = typeof output === "string" ? output : output.map(asText).join("\n");
  return isError && !/^error/i.test(text) ? `Error: ${text}` : text;
}

function asText(part: { readonly type: string; readonly text?: string; readonly value?: Json }): string {
  return part.text ?? JSON.stringify(part.value);
}
