import type { Json, ModelError, ModelEvent, ModelRequest, ModelResult } from "@plugboard/core";

/** What a client asked, in our words. */
export interface ServedRequest {
  /** The name in the client's request. */
  readonly model: string;
  readonly request: ModelRequest;
}

/** What a stream is made of: text, but for protocols with binary frames. */
export type Written = string | Uint8Array<ArrayBuffer>;

/** Writes one streamed answer. Made anew for every answer. */
export interface EventWriter<Frames extends Written = string> {
  /** What is framed for one event; empty where the protocol says nothing. The finish writes the end of the stream too. */
  write(event: ModelEvent): Frames;
  /** The framed error of an answer that has begun, or `undefined` where the protocol has no form for it: then the connection is cut. */
  fail(error: ModelError): Frames | undefined;
}

/**
 * A protocol in the server's direction: what its clients send, and what they expect back. The gateway, the drop-in `fetch` and the
 * provider simulator are all made of it.
 */
export interface ServedProtocol<Frames extends Written = string> {
  readonly name: string;
  /** Of a streamed answer: `text/event-stream`, `application/x-ndjson`, `application/vnd.amazon.eventstream`. */
  readonly streamType: string;
  /**
   * The providers that understand what a request holds beyond our words. The first is the name by which that stands in
   * `providerOptions`. @default nobody is warned of what another provider is not told
   */
  readonly readBy?: readonly string[];
  /** @throws {ModelError} `invalid-request` that names the field */
  readRequest(body: Json): ServedRequest;
  /** The body of an answer in one piece. */
  writeResult(result: ModelResult, asked: ServedRequest): Json;
  /** Makes the writer of one streamed answer. */
  writer(asked: ServedRequest): EventWriter<Frames>;
  /** The response to a call that failed before its answer began. */
  writeError(error: ModelError): {
    readonly status: number;
    readonly headers: Record<string, string>;
    readonly body: Json;
  };
}
