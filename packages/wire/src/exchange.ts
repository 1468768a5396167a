import type { Json, JsonObject, ModelRequest, ModelResult, Start } from "@plugboard/core";
import type { FailureRule } from "./failure.ts";
import type { StreamDecoder } from "./stream-decoder.ts";
import type { WireOptions } from "./wire-options.ts";

/** One call of an adapter: what is sent, and how what comes back is understood. */
export interface Exchange {
  readonly provider: string;
  readonly model: string;
  readonly url: string;
  /** Keys included; `content-type`, `accept` and the headers of `options` and of the request are added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  /** Whose `signal`, `headers` and `stream` count. */
  readonly request: ModelRequest;
  readonly options: WireOptions;
  /** Given to the start of the answer: what `encode` adapted or dropped. */
  readonly warnings: Start["warnings"];
  /** Whether the body asks for a stream, and how it is framed; absent for an answer in one body. */
  readonly stream?: {
    readonly framing: "sse" | "ndjson";
    /** @param start - headers and warnings, to be part of the start event */
    readonly decoder: (start: Pick<Start, "headers" | "warnings">) => StreamDecoder;
  };
  /**
   * An answer in one body.
   *
   * @throws {ModelError} an error that the provider sent with status 200; `parse` when it is not what the protocol says
   */
  readonly whole: (body: Json, start: Pick<Start, "headers" | "warnings">) => ModelResult;
  /** What the provider says in its own way, looked at before the common table. */
  readonly failures?: readonly FailureRule[];
  /** The model may think without saying so: no clock for the first content. */
  readonly hiddenReasoning?: boolean;
}
