import type { ModelEvent } from "./event.ts";
import type { ModelError } from "./error.ts";
import type { ModelResult } from "./result.ts";

/** Where a reply gets its events from. */
export interface ReplySource {
  /**
   * One network read: the events it carried (none is fine), or `undefined` once the source has closed. What a read brought before it
   * failed is given first; the failure rejects the next pull. Never called while an earlier pull is pending.
   */
  pull(): Promise<readonly ModelEvent[] | undefined>;
  /**
   * The same as `pull` without a promise, for sources on the hot path: exactly one of the two is called, now or later. Layers that
   * read one another use it, so that a layer in between costs no promise a read.
   */
  take?(give: (events: readonly ModelEvent[] | undefined) => void, fail: (error: unknown) => void): void;
  /** Lets go of the source: nobody wants more. May come while a pull is pending, and after the last event. */
  cancel?(): void;
}

/** Sends an event on, to the transforms that were added later and then to the reader. */
export type Emit = (event: ModelEvent) => void;

/** Looks at one event: sends it on, sends others, or none. Synchronous; `emit` may be called at any time during the call. */
export type Transform<Event extends ModelEvent = ModelEvent> = (event: Event, emit: Emit) => void;

/** How a reply ended, as told to `onEnd`. */
export type Outcome =
  /** `result` is the answer as it stands at this place of the chain. */
  | { readonly status: "finished"; readonly result: ModelResult }
  /** `partial` is what the source had said. */
  | { readonly status: "failed"; readonly error: ModelError; readonly partial: ModelResult }
  | { readonly status: "cancelled"; readonly partial: ModelResult };

/** Told once how the reply ended. The end of the reading waits for a promise it returns, unless the call was called off. Its faults are its own. */
export type EndListener = (outcome: Outcome) => void | Promise<void>;
