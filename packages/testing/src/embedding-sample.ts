import type { EmbeddingRequest } from "@plugboard/core";
import type { ExpectedAnswer } from "./provider-sample.ts";

/** A recorded or written exchange with an embedding model, and what an adapter must make of it. */
export interface EmbeddingSample {
  /** `embeddings-01` */
  readonly name: string;
  readonly call: Pick<EmbeddingRequest, "values" | "dimensions" | "purpose"> & { readonly model: string };
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly expected: ExpectedEmbeddings;
  /** What is odd about it: `base64`. */
  readonly exercises: readonly string[];
}

/** Only what is there is compared. */
export interface ExpectedEmbeddings extends Pick<ExpectedAnswer, "error"> {
  readonly embeddings?: {
    readonly count: number;
    readonly dimensions: number;
    /** The first numbers of the first vector. */
    readonly first: readonly number[];
  };
  readonly usage?: { readonly inputTokens?: number };
}
