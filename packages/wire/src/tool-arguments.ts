import type { Json, ToolCallPart } from "@plugboard/core";
import { parseJson } from "./parse-json.ts";

/** The part of a tool call that its arguments make. */
export type ToolArguments = Pick<ToolCallPart, "input" | "raw" | "invalid">;

/**
 * Reads the arguments of a tool call as a model wrote them. Nothing at all means none, `{}`; what is no JSON stays text and is
 * marked `invalid`, so that it is never run.
 *
 * @example
 * const part = { type: "tool-call", id, name, ...toolArguments(text) };
 */
export function toolArguments(text: string | null | undefined): ToolArguments {
  if (text == null || text.trim() === "") return { input: {} };
  let input: Json;
  try {
    input = parseJson(text);
  } catch {
    return { input: text, raw: text, invalid: true };
  }
  // Some servers send null for no arguments.
  return { input: input ?? {}, raw: text };
}

/**
 * The arguments of a call as text: as its model wrote them, byte for byte, where that is known.
 *
 * @example
 * callArguments({ input: { city: "Bern" }, raw: '{ "city": "Bern" }' }); // '{ "city": "Bern" }'
 */
export function callArguments({ raw, input, invalid }: ToolArguments): string {
  return raw ?? (invalid && typeof input === "string" ? input : JSON.stringify(input));
}
