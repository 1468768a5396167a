import type { CallOptions, ModelKey } from "@plugboard/core";

/** One of several models, as a policy sees it. */
export interface Candidate {
  readonly key: ModelKey;
  /** Tells it from the others, in every process alike. */
  readonly name: string;
  /** The adapters that may answer: itself, unless it stands in front of others. */
  readonly leaves: readonly ModelKey[];
  readonly weight: number;
  /** Calls whose answers have not ended. */
  readonly inFlight: number;
  /** Milliseconds until the first content of late, or until the whole of what is not streamed; `undefined` before there was any. */
  latency(streamed: boolean): number | undefined;
}

/** Chooses one of the candidates; the list is never empty. */
export type Choose = (candidates: readonly Candidate[], request: CallOptions) => Candidate;

/** Who is asked next. Called once for each `balance`, so it may keep state. */
export type Policy = () => Choose;
