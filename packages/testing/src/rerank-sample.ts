import type { RerankRequest, RerankResult } from "@plugboard/core";
import type { ExpectedAnswer, ProviderSample } from "./provider-sample.ts";

/** A recorded or written exchange with a rerank model, and what an adapter must make of it. */
export interface RerankSample extends Pick<ProviderSample, "name" | "status" | "headers" | "body" | "exercises"> {
  readonly call: Pick<RerankRequest, "query" | "documents" | "limit"> & { readonly model: string };
  readonly expected: ExpectedRanking;
}

/** Only what is there is compared. */
export interface ExpectedRanking extends Pick<ExpectedAnswer, "error"> {
  /** All of it, the best first. */
  readonly ranking?: RerankResult["ranking"];
  readonly usage?: { readonly inputTokens?: number };
}
