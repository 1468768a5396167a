import type { Transport } from "./transport.ts";

/**
 * Milliseconds for each phase of a call. `Infinity` turns a clock off. One that runs out closes the socket and is a `timeout` error
 * with its name as `phase`.
 */
export interface Clocks {
  /** Until the socket is connected, where the transport shows it. @default 10_000 */
  readonly connect?: number;
  /** Until the headers of a streamed answer. @default 60_000 */
  readonly headers?: number;
  /** From the headers until the first content; off where reasoning may be hidden. @default 60_000 */
  readonly first?: number;
  /**
   * Between contents, while somebody reads; it begins with the first content. Text, reasoning, tool calls and parts are content;
   * keep-alives, pings, counts and empty deltas are not. @default 30_000
   */
  readonly idle?: number;
  /** The whole call, whoever reads. An answer in one body has this clock alone, after connecting. @default 600_000 */
  readonly total?: number;
}

/** Bytes that are read at most, unpacked where they come compressed. */
export interface Bounds {
  /** A whole answer. @default 32 MiB */
  readonly body?: number;
  /** One event of a stream, in characters. @default 16 MiB */
  readonly event?: number;
  /** The body of an error; what is more is not read. @default 64 KiB */
  readonly errorBody?: number;
}

/** What every adapter that speaks HTTP can be given. */
export interface WireOptions {
  /** The application's own fetch. @default the `node:http` transport in Node, the global fetch elsewhere */
  readonly fetch?: typeof globalThis.fetch;
  /** How requests are sent; over `fetch`. */
  readonly transport?: Transport;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly clocks?: Clocks;
  readonly bounds?: Bounds;
}
