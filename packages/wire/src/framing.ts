import type { ModelEvent } from "@plugboard/core";

/** Cuts a body into messages and gives each to the decoder of the answer. Made anew for every body. */
export interface Framing {
  /** Whether the body has held any message yet. */
  readonly begun: boolean;
  /**
   * One piece of the text, cut anywhere.
   *
   * @param out - takes the events
   * @throws {ModelError} `parse` when a message is larger than the bound; what the decoder throws
   */
  push(text: string, out: ModelEvent[]): void;
  /** The text has ended: a message whose end was not written is given all the same. */
  end(out: ModelEvent[]): void;
}
