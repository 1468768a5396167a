import type { EmbeddingPurpose, EmbeddingRequest } from "./embedding-model.ts";
import { checkNumber, refused } from "./refused.ts";

const purposes: readonly EmbeddingPurpose[] = ["query", "document", "similarity", "classification", "clustering"];

/**
 * Refuses what no provider can embed, before anything is sent.
 *
 * @throws {ModelError} `invalid-request`, with the field and the accepted values
 */
export function checkEmbedding({ values, dimensions, purpose, deadline, attemptTimeout }: EmbeddingRequest): void {
  checkTexts("values", values);
  if (dimensions !== undefined) checkNumber("dimensions", dimensions, { least: 1, whole: true });
  if (purpose !== undefined && !purposes.includes(purpose)) throw refused("purpose", purposes.join(", "), purpose);
  checkTimes({ deadline, attemptTimeout });
}

/** @throws {ModelError} `invalid-request` for a time that is none */
export function checkTimes(times: { readonly [Name in "deadline" | "attemptTimeout"]: number | undefined }): void {
  for (const [name, time] of Object.entries(times)) if (time !== undefined) checkNumber(name, time, { least: 0 });
}

/** @throws {ModelError} `invalid-request` for anything but a list of texts of which none is empty */
export function checkTexts(name: string, texts: unknown): void {
  if (!Array.isArray(texts) || texts.length === 0) throw refused(name, "a list with at least one text", texts);
  const wrong = texts.findIndex((text) => typeof text !== "string" || text === "");
  if (wrong !== -1) throw refused(`${name}[${wrong}]`, "a text that is not empty", texts[wrong]);
}
