import type { ModelEvent, ModelResult } from "@plugboard/core";

/** What came of one call. */
export interface Answer {
  /** The events that the reader got; empty of a call that was not streamed. */
  readonly events: readonly ModelEvent[];
  readonly result?: ModelResult;
  /** What the call rejected with, or what the reader was thrown. */
  readonly error?: unknown;
}
