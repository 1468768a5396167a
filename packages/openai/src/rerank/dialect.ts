import type { JsonObject } from "@plugboard/core";
import type { FailureRule } from "@plugboard/wire";
import type { Proof } from "../shared/proof.ts";
import type { Vendor } from "../shared/writing.ts";

/** How a vendor ranks, where it is not as Cohere and Jina do it. */
export interface RerankRules {
  /** Where requests go, after the base URL. @default "/rerank" */
  readonly path?: string;
  /** What the limit is called; a server that knows none returns all, and the rest is cut off here. @default "top_n" */
  readonly limit?: "top_n" | "top_k" | "none";
  /** What the documents are called. @default "documents" */
  readonly documents?: "documents" | "texts";
  /** Whether the body names the model; a server of one model has no place for it. @default true */
  readonly model?: boolean;
  /** Members that every request has: mostly, that the documents need not come back. */
  readonly body?: JsonObject;
}

/** The vendor whose rerank models are spoken to, as data: every chat dialect is one too. */
export interface RerankDialect extends Pick<Vendor, "provider" | "accepts"> {
  readonly baseURL: string;
  /** The environment variable that holds the key. Left out, a key is sent only if one is given. */
  readonly keyVariable?: string;
  /** What shows that all this is right. */
  readonly provenBy?: Proof;
  readonly rerank?: RerankRules;
  /** How it tells of failures, where the common table would not understand. */
  readonly failures?: readonly FailureRule[];
}
