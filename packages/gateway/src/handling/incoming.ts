/** One request of a client, however it came in. */
export interface Incoming {
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  /** Without its question mark; empty where there is none. */
  readonly query: string;
  /** The value of a header, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  /**
   * All of the body.
   *
   * @param most - bytes; nothing beyond them is kept
   * @throws {Refusal} 413 for a longer one, 400 for one that breaks off
   */
  readonly body: (most: number) => Promise<Uint8Array>;
  /** The address of the client; empty where it is not known. */
  readonly remote: string;
  /** Fires when the client goes away, and with a `ModelError` as its reason when the server has no more time for it. */
  readonly signal: AbortSignal;
}
