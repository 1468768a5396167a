import type { ToolOutput } from "./define-tool.ts";
import type { Json, JsonObject } from "./json.ts";
import type { ToolOutputPart, ToolResultPart } from "./part.ts";

/** What a tool gave back, as a model is told of it. Throws where it is not JSON after all. */
export function toolOutput(output: ToolOutput): ToolResultPart["output"] {
  if (output === undefined) return "";
  if (typeof output === "string") return output;
  if (Array.isArray(output) && output.length > 0 && output.every(isPart)) return output;
  // Written and read once, so that what is sent later is what it was now, and plain data.
  return [{ type: "json", value: JSON.parse(JSON.stringify(output)) as Json }];
}

/** Told from JSON that only looks alike by the fields that a part must have. */
function isPart(value: unknown): value is ToolOutputPart {
  if (typeof value !== "object" || value === null) return false;
  const { type, text, mediaType, data, value: json } = value as JsonObject & { data?: unknown };
  if (type === "text") return typeof text === "string";
  if (type === "json") return json !== undefined;
  return type === "file" && typeof mediaType === "string" && (data instanceof Uint8Array || data instanceof URL);
}
