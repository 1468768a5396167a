import type { ToolCallPart } from "@plugboard/core";

/** The arguments of a call as text: as its model wrote them, byte for byte, where that is known. */
export function callArguments({ raw, input, invalid }: ToolCallPart): string {
  return raw ?? (invalid && typeof input === "string" ? input : JSON.stringify(input));
}
