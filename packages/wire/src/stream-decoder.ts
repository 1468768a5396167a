import type { ModelEvent } from "@plugboard/core";

/**
 * Turns the messages of a stream into events. Pure and push-style: what a message says is pushed to `out`, which holds what one
 * network read brought. It is made anew for every call.
 */
export interface StreamDecoder {
  /**
   * Whether the provider has said that it is at work without telling: it thinks in secret, or waits for a tool that it runs itself.
   * That is progress, and until it ends the clocks for the first content and between contents do not run.
   *
   * @default false
   */
  readonly busy?: boolean;
  /**
   * One message: the data of a server-sent event, a line of NDJSON, the payload of a message of an AWS event stream.
   *
   * @param name - the `event:` field, or AWS's `:event-type` (see `exceptionOf`); empty where there is none
   * @throws {ModelError} an error that the provider sent in band; what was pushed to `out` before it is still delivered
   */
  push(data: string, name: string, out: ModelEvent[]): void;
  /** The body has ended. Pushes a finish if the provider had said how the answer ended; otherwise nothing, and it is `truncated`. */
  end(out: ModelEvent[]): void;
}
