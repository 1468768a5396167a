import type { FinishReason } from "@plugboard/core";

const meanings: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  length: "length",
  model_length: "length",
  tool_calls: "tool-calls",
  function_call: "tool-calls",
  content_filter: "content-filter",
};

/** What a finish reason means; `own` are those of a vendor. */
export function readFinishReason(raw: string, own: Readonly<Record<string, FinishReason>> = {}): FinishReason {
  return own[raw] ?? meanings[raw] ?? "other";
}

/** The nearest that the protocol has for an ending of ours. */
export function writeFinishReason(reason: FinishReason): "stop" | "length" | "tool_calls" | "content_filter" {
  switch (reason) {
    case "length":
    case "budget":
      return "length";
    case "tool-calls":
      return "tool_calls";
    case "content-filter":
      return "content_filter";
    default: // stop, refusal, other
      return "stop";
  }
}
