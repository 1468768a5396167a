import type { Json, JsonObject, JsonSchema } from "@plugboard/core";
import { stringOf } from "@plugboard/wire";

/** A schema in Google's words, and what had to change. */
export interface GeminiSchema {
  readonly schema: JsonSchema;
  /** Keywords that now stand in the descriptions alone. */
  readonly told: readonly string[];
}

/** A limit that is left out itself is, for whole numbers, one that is not. */
export function exclusive(name: string, member: Json, type: string, strict: Record<string, Json>): boolean {
  if (type !== "integer" || typeof member !== "number") return false;
  if (name === "exclusiveMinimum") strict["minimum"] = Math.floor(member) + 1;
  else if (name === "exclusiveMaximum") strict["maximum"] = Math.ceil(member) - 1;
  else return false;
  return true;
}

/** Puts keywords that Google does not know into the description. */
export function tell(schema: JsonObject, remarks: readonly string[], strict: Record<string, Json>): void {
  if (remarks.length === 0) return;
  strict["description"] = [stringOf(schema["description"]), `{${remarks.join(", ")}}`].filter(Boolean).join("\n\n");
}
