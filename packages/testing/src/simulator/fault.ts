import type { Json, ModelErrorCode } from "@plugboard/core";

/**
 * Where in an answer: before its headers, before its first content, after so many characters of it, or before its end, when all has
 * been said. An answer shorter than the characters given is held to its end. Of an answer in one body, and of
 * a recorded one, the bytes count.
 */
export type Place = "headers" | "first" | "end" | number;

/** What goes wrong with an answer. */
export type Fault =
  /** An HTTP error as it is given. */
  | {
      readonly type: "status";
      readonly status: number;
      /** A text goes out as it is, anything else as JSON. */
      readonly body?: Json;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** An error in the provider's own form; in the midst of an answer if `at` says so. */
  | {
      readonly type: "error";
      readonly code: ModelErrorCode;
      readonly message?: string;
      /** Milliseconds that it asks to wait. */
      readonly retryAfter?: number;
      /** @default "headers" */
      readonly at?: Place;
    }
  /** 429, in the provider's own form. */
  | {
      readonly type: "throttle";
      /** Milliseconds. */
      readonly retryAfter?: number;
    }
  /** Nothing more comes, and the connection stays open. */
  | {
      readonly type: "stall";
      readonly at: Place;
      /** Milliseconds between comments that keep the connection alive; of event streams alone. */
      readonly keepAlive?: number;
    }
  /** The socket is destroyed; or, `quietly`, the answer just ends there, as if it were whole. */
  | { readonly type: "cut"; readonly at: Place; readonly quietly?: true }
  /** What comes there is not what the protocol says, and the answer ends with it. */
  | { readonly type: "malformed"; readonly at: Place };
