import type { ProviderSample } from "../provider-sample.ts";

/** Recorded bytes, to be sent as they are. */
export interface Replay {
  readonly replay: Pick<ProviderSample, "status" | "headers" | "body" | "framing">;
}

/**
 * Answers with the bytes of a sample, whatever is asked; a stream event by event, at the pace of the model.
 *
 * @example
 * await using simulator = await simulate({ models: { "gpt-4o": { answer: replay(sample), pace: { tokensPerSecond: 80 } } } });
 */
export function replay(sample: Replay["replay"]): Replay {
  return { replay: sample };
}
