import type { Measurement } from "@plugboard/core";

/** What is known of an answer without judging its content. */
export type MeasureName =
  | "latency"
  | "firstContent"
  | "cost"
  | "outputTokens"
  | "length"
  | "errors"
  | "malformed"
  | "refusals";

/** How a figure is counted. A `share` goes from 0 to 1, `nano-dollars` are a billionth of a US dollar each. */
export type Unit = "share" | "milliseconds" | "nano-dollars" | "tokens" | "characters";

/** How a measure is read. */
export interface Measure {
  readonly name: MeasureName;
  readonly unit: Unit;
  /** Of one answer; undefined where it is not known, never 0 for it. */
  readonly read: (measurement: Measurement) => number | undefined;
}

/** All measures. Of each, less is better. */
export const measures: Readonly<Record<MeasureName, Measure>> = {
  latency: { name: "latency", unit: "milliseconds", read: ({ error, latency }) => (error ? undefined : latency) },
  firstContent: {
    name: "firstContent",
    unit: "milliseconds",
    read: ({ error, firstContent }) => (error ? undefined : firstContent),
  },
  // What a failed call was charged was paid, too; what came from a cache says nothing of the price.
  cost: { name: "cost", unit: "nano-dollars", read: ({ cached, cost }) => (cached ? undefined : cost?.total) },
  outputTokens: {
    name: "outputTokens",
    unit: "tokens",
    read: ({ error, usage }) => (error ? undefined : usage?.output),
  },
  length: { name: "length", unit: "characters", read: ({ error, output }) => (error ? undefined : output?.length) },
  errors: { name: "errors", unit: "share", read: ({ error }) => (error ? 1 : 0) },
  malformed: { name: "malformed", unit: "share", read: malformed },
  refusals: { name: "refusals", unit: "share", read: refused },
};

/** By what the provider says of its own answer; a scorer that reads the text sees those that it does not tell. */
function refused({ error, finishReason }: Measurement): number | undefined {
  if (error) return error.code === "content-filter" ? 1 : undefined;
  return finishReason && (finishReason === "refusal" || finishReason === "content-filter" ? 1 : 0);
}

/** An answer that is no value of the schema asked for; a call that failed otherwise says nothing of that. */
function malformed({ error }: Measurement): number | undefined {
  if (!error) return 0;
  return error.code === "parse" ? 1 : undefined;
}
