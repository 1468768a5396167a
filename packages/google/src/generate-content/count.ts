import type { Json, JsonObject, TokenCount } from "@plugboard/core";
import { countAt, only } from "@plugboard/wire";
import { resourceOf } from "./address.ts";

/** How a request is given to be counted: whole, within another (the Gemini API), or by its members (Vertex AI). */
export type CountForm = "within" | "members";

/** What of a request Vertex AI counts. */
const counted = ["contents", "systemInstruction", "tools", "generationConfig"] as const;

/** A request to be counted. */
export function encodeCount(body: JsonObject, form: CountForm, model: string): JsonObject {
  if (form === "within") return { generateContentRequest: { model: resourceOf(model), ...body } };
  return only(body, counted);
}

/** @throws {ModelError} `parse` where the answer has no count */
export function decodeCount(answer: Json): TokenCount {
  return { tokens: countAt(answer, "totalTokens"), bound: "exact" };
}
