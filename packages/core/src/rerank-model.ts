import type { Callable } from "./callable.ts";
import type { Warning } from "./event.ts";
import type { ProviderData } from "./json.ts";
import type { CallOptions } from "./request.ts";
import type { Usage } from "./usage.ts";

/** Documents to put in the order in which they answer a query. */
export interface RerankRequest extends CallOptions {
  readonly query: string;
  readonly documents: readonly string[];
  /** How many of the best to return. @default all */
  readonly limit?: number;
  readonly providerOptions?: ProviderData;
}

/** The best first. */
export interface RerankResult {
  readonly model: string;
  readonly ranking: readonly { readonly index: number; readonly score: number }[];
  readonly usage: Usage;
  readonly warnings: readonly Warning[];
}

/** Orders documents by how well they answer a query. */
export type RerankModel = Callable<RerankRequest, RerankResult>;
