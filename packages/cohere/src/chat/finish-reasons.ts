import type { Finish, FinishReason } from "@plugboard/core";

const reasons: Readonly<Record<string, FinishReason>> = {
  COMPLETE: "stop",
  STOP_SEQUENCE: "stop",
  TOOL_CALL: "tool-calls",
  MAX_TOKENS: "length",
  ERROR_TOXIC: "content-filter", // of older models
};

/** What Cohere's reason means; one that nobody here knows is `other`. */
export function finishReasonOf(wire: string | undefined): FinishReason {
  return reasons[wire ?? ""] ?? "other";
}

/** Our reasons in Cohere's words. It has none for a filter but an error; `error` says then what it was. */
const written: { readonly [Reason in FinishReason]: string } = {
  stop: "COMPLETE",
  "tool-calls": "TOOL_CALL",
  length: "MAX_TOKENS",
  budget: "MAX_TOKENS",
  refusal: "COMPLETE",
  other: "COMPLETE",
  "content-filter": "ERROR",
  unfinished: "ERROR",
};

/** How an answer ended, for a client: as Cohere said it, where it was Cohere. */
export function writeEnding({ finishReason, rawFinishReason }: Pick<Finish, "finishReason" | "rawFinishReason">): {
  readonly finish_reason: string;
  readonly error?: string;
} {
  const stopped = finishReason === "stop" && rawFinishReason === "STOP_SEQUENCE";
  return {
    finish_reason: stopped ? rawFinishReason : written[finishReason],
    ...(finishReason === "content-filter" && { error: "blocked output: a filter ended the answer" }),
    ...(finishReason === "unfinished" && { error: "the answer broke off" }),
  };
}
