import type { AssistantPart, Finish, FinishReason, Json, JsonObject } from "@plugboard/core";
import type { WireUsage } from "./usage.ts";
import { owner } from "./messages.ts";
import { usageOf } from "./usage.ts";

/** What Anthropic gives as the reason of an ending, and ours for it. */
export const finishReasons: Readonly<Record<string, FinishReason>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  tool_use: "tool-calls",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  refusal: "refusal",
  pause_turn: "other",
};

/** A tool call that one of these ended may be cut in the middle, and must not be run. */
export const cutting: ReadonlySet<string> = new Set(["max_tokens", "model_context_window_exceeded", "refusal"]);

/**
 * How an answer ended.
 *
 * @param callsAnswer - the answer was asked for as the call of a tool
 */
export function finishOf(
  reason: string | undefined,
  content: readonly AssistantPart[],
  extras: Record<string, Json>,
  usage: WireUsage,
  callsAnswer: boolean,
): Finish {
  let finishReason: FinishReason = reason === undefined ? "other" : (finishReasons[reason] ?? "other");
  const calls = content.some((part) => part.type === "tool-call" && !part.executed);
  // The call was the answer.
  if (callsAnswer && finishReason === "tool-calls" && !calls) finishReason = "stop";
  return {
    finishReason,
    ...(reason !== undefined && { rawFinishReason: reason }),
    usage: usageOf(usage),
    ...(Object.keys(extras).length > 0 && { providerData: { [owner]: extras } }),
  };
}

const extraNames = ["stop_sequence", "stop_details", "container", "context_management"];
const extraUsageNames = ["service_tier", "inference_geo", "speed", "iterations"];

/** What the end of a message says beside the contract, under the names of the wire. */
export function extrasOf(message: JsonObject, usage: WireUsage): Record<string, Json> {
  const extras: Record<string, Json> = {};
  for (const name of extraNames) extras[name] = message[name] ?? null;
  for (const name of extraUsageNames) extras[name] = usage[name] ?? null;
  for (const name of Object.keys(extras)) if (extras[name] === null) delete extras[name];
  return extras;
}
