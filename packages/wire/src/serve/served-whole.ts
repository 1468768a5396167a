import type { CallOptions, Json, ModelError } from "@plugboard/core";

/** What a client asked of a model that answers whole. */
export interface AskedWhole<Request extends CallOptions> {
  /** The name in the client's request. */
  readonly model: string;
  readonly request: Request;
}

/** A protocol in the server's direction whose answers always come in one body: embeddings, rankings. */
export interface ServedWhole<Request extends CallOptions, Result> {
  readonly name: string;
  /**
   * The providers that understand what a request holds beyond our words. The first is the name by which that stands in
   * `providerOptions`. @default nobody is warned of what another provider is not told
   */
  readonly readBy?: readonly string[];
  /** @throws {ModelError} `invalid-request` that names the field */
  readRequest(body: Json): AskedWhole<Request>;
  /** The body of the answer. */
  writeResult(result: Result, asked: AskedWhole<Request>): Json;
  /** The response to a call that failed. */
  writeError(error: ModelError): {
    readonly status: number;
    readonly headers: Record<string, string>;
    readonly body: Json;
  };
}
