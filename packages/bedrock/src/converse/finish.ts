import type { AssistantPart, Finish, FinishReason, Json, JsonObject, Usage } from "@plugboard/core";
import { provider } from "../provider.ts";

/** What Bedrock gives as the reason of an ending, and ours for it. */
const finishReasons: Readonly<Record<string, FinishReason>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  tool_use: "tool-calls",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  guardrail_intervened: "content-filter",
  content_filtered: "content-filter",
  refusal: "refusal",
};

/** Our reasons in Bedrock's words. It has none for a refusal but a filter's. */
const stopReasons: { readonly [Reason in FinishReason]: string } = {
  stop: "end_turn",
  "tool-calls": "tool_use",
  length: "max_tokens",
  budget: "max_tokens",
  "content-filter": "content_filtered",
  refusal: "content_filtered",
  other: "end_turn",
  unfinished: "malformed_model_output",
};

/** How an answer ended, for a client: as Bedrock said it, where that means the same. */
export function writeStopReason({
  finishReason,
  rawFinishReason: raw = "",
}: Pick<Finish, "finishReason" | "rawFinishReason">): string {
  return finishReasons[raw] === finishReason && raw !== "refusal" ? raw : stopReasons[finishReason];
}

/** A tool call that one of these ended may be cut in the middle, and must not be run. */
export const cutting: ReadonlySet<string> = new Set([
  "max_tokens",
  "model_context_window_exceeded",
  "guardrail_intervened",
  "content_filtered",
  "malformed_tool_use",
]);

/**
 * How an answer ended.
 *
 * @param callsAnswer - the answer was asked for as the call of a tool
 */
export function finishOf(
  reason: string | undefined,
  content: readonly AssistantPart[],
  extras: JsonObject,
  usage: Usage,
  callsAnswer: boolean,
): Finish {
  let finishReason: FinishReason = reason === undefined ? "other" : (finishReasons[reason] ?? "other");
  const calls = content.some((part) => part.type === "tool-call" && !part.executed);
  if (callsAnswer && finishReason === "tool-calls" && !calls) finishReason = "stop"; // the call was the answer
  else if (finishReason === "stop" && calls) finishReason = "tool-calls";
  return {
    finishReason,
    ...(reason !== undefined && { rawFinishReason: reason }),
    usage,
    ...(Object.keys(extras).length > 0 && { providerData: { [provider]: extras } }),
  };
}

const extraNames = ["additionalModelResponseFields", "trace", "performanceConfig", "serviceTier", "metrics"];

/** What an answer says beside the contract, under the names of the wire. */
export function extrasOf(told: JsonObject): Record<string, Json> {
  const extras: Record<string, Json> = {};
  for (const name of extraNames) {
    const value = told[name];
    if (value !== undefined && value !== null) extras[name] = value;
  }
  return extras;
}
