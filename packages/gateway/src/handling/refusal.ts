import type { ModelError } from "@plugboard/core";

/** A request that is answered with an error before any model is asked. */
export class Refusal extends Error {
  readonly status: number;
  /** What the client is told, in the words of its protocol. */
  readonly error: ModelError;
  /** Nothing more is read from this connection. */
  readonly close: boolean;
  /** Headers that belong to the status: `allow`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, error: ModelError, close = false, headers: Readonly<Record<string, string>> = {}) {
    super(error.message);
    this.name = "Refusal";
    this.status = status;
    this.error = error;
    this.close = close;
    this.headers = headers;
  }
}
