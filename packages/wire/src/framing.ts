import type { ModelEvent } from "@plugboard/core";
import type { StreamDecoder } from "./stream-decoder.ts";

/** How streamed bodies are cut into messages. Adapters name the one they speak, so that the others need not be loaded. */
export interface StreamFraming<Kind = Framing | ByteFraming> {
  /** What is asked for in `accept`. */
  readonly mediaType: string;
  /** Whether servers call such a stream JSON; otherwise a body of that type is an answer in one piece. */
  readonly isJson?: true;
  /**
   * Begins a body.
   *
   * @param largest - characters that one message may have; of a framing of bytes, bytes
   */
  readonly open: (decoder: StreamDecoder, largest: number) => Kind;
}

/** Cuts a body of text into messages and gives each to the decoder of the answer. Made anew for every body. */
export interface Framing {
  readonly takes?: "text";
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

/** The same for a body that is not text. A message whose end never came is none. */
export interface ByteFraming {
  readonly takes: "bytes";
  readonly begun: boolean;
  /**
   * One piece of the body, cut anywhere; what is needed of it later is copied.
   *
   * @throws {ModelError} `parse` when a message is damaged or larger than the bound; what the decoder throws
   */
  push(bytes: Uint8Array, out: ModelEvent[]): void;
}
