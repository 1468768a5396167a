import type { AssistantPart, Finish, FinishReason, Json, JsonObject, Usage } from "@plugboard/core";
import { objectOf, stringOf } from "@plugboard/wire";
import { owner } from "./messages.ts";

/** Why an answer ended, in Google's words and ours. Those that are not here are `other`. */
export const finishReasons: Readonly<Record<string, FinishReason>> = {
  STOP: "stop",
  MAX_TOKENS: "length",
  SAFETY: "content-filter",
  RECITATION: "content-filter",
  BLOCKLIST: "content-filter",
  PROHIBITED_CONTENT: "content-filter",
  SPII: "content-filter",
  MODEL_ARMOR: "content-filter",
  IMAGE_SAFETY: "content-filter",
  IMAGE_PROHIBITED_CONTENT: "content-filter",
  IMAGE_RECITATION: "content-filter",
};

/** What was said of an ending so far. */
export interface Ending {
  /** Of the candidate. */
  readonly reason: string | undefined;
  /** Why the question was not let through. */
  readonly blocked: string | undefined;
  readonly extras: Record<string, Json>;
}

/** How an answer ended. Gemini says `STOP` for calls too, so they are looked for. */
export function finishOf({ reason, blocked, extras }: Ending, content: readonly AssistantPart[], usage: Usage): Finish {
  const raw = reason ?? blocked;
  const calls = content.some((part) => part.type === "tool-call" && !part.executed);
  const ours = reason === undefined ? undefined : (finishReasons[reason] ?? "other");
  const finishReason = ours === undefined ? (blocked === undefined ? "other" : "content-filter") : ours;
  return {
    finishReason: finishReason === "stop" && calls ? "tool-calls" : finishReason,
    ...(raw !== undefined && { rawFinishReason: raw }),
    usage,
    ...(Object.keys(extras).length > 0 && { providerData: { [owner]: extras } }),
  };
}

const ofCandidate = [
  "finishMessage",
  "safetyRatings",
  "groundingMetadata",
  "citationMetadata",
  "urlContextMetadata",
  "avgLogprobs",
  "logprobsResult",
];

/** Notes what a chunk says beside the contract, under the names of the wire. */
export function noteExtras(chunk: JsonObject, candidate: JsonObject | undefined, extras: Record<string, Json>): void {
  if (candidate) for (const name of ofCandidate) note(candidate, name, extras);
  note(chunk, "promptFeedback", extras);
  const usage = objectOf(chunk["usageMetadata"]);
  if (usage) for (const name of ["serviceTier", "trafficType"]) note(usage, name, extras);
}

function note(from: JsonObject, name: string, extras: Record<string, Json>): void {
  const value = from[name];
  if (value !== undefined && value !== null) extras[name] = value;
}

/** Why a question was blocked. */
export function blockReasonOf(chunk: JsonObject): string | undefined {
  return stringOf(objectOf(chunk["promptFeedback"])?.["blockReason"]);
}
