import type { FilePart, Json, ToolResultPart } from "@plugboard/core";

/** What a tool gave back: its words or values, and its files. */
export function resultContentOf({ output }: ToolResultPart): {
  readonly value: Json;
  readonly files: readonly FilePart[];
} {
  if (typeof output === "string") return { value: output, files: [] };
  const values: Json[] = [];
  const files: FilePart[] = [];
  for (const part of output) {
    if (part.type === "file") files.push(part);
    else values.push(part.type === "json" ? part.value : part.text);
  }
  return { value: values.length === 1 ? values[0]! : values.length === 0 ? "" : values, files };
}
