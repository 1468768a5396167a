import type { JsonObject } from "@plugboard/core";

/** How a server counts the tokens of a conversation. */
export interface CountRules {
  /** Where it is asked, after the base URL. */
  readonly path: string;
  /** The path stands beside the `/v1` of the base URL, not after it. @default false */
  readonly besideV1?: boolean;
  /** Members that every question has. */
  readonly body?: JsonObject;
  /** Where the count stands in the answer: `data.total_tokens`. */
  readonly member: string;
  /** Whether it is the very count that a call is billed by, rather than an estimate. @default false */
  readonly exact?: boolean;
  /** Whether pictures are counted; where they are not, a request with any is refused. @default false */
  readonly pictures?: boolean;
  /** Whether tools are counted; where they are not, a request with any is refused. @default true */
  readonly tools?: boolean;
}
