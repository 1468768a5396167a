import type { ProviderRerankModel } from "@plugboard/core";
import { defineProviderRerankModel } from "@plugboard/wire";
import type { CohereOptions } from "../account.ts";
import { accountOf, owner } from "../account.ts";
import { failures } from "../failures.ts";
import { decodeRerank } from "./decode.ts";
import { encodeRerank } from "./encode.ts";

/** Raised whenever the same documents are sent, or the same answer read, in another way: it keeps cached rankings apart. */
const mapping = 1;

/** A rerank model behind `/v2/rerank`. */
export function rerankModel(id: string, given: CohereOptions): ProviderRerankModel {
  const { catalogId } = given;
  const { baseURL, authorize, options } = accountOf(given);
  return defineProviderRerankModel({
    provider: owner,
    id,
    catalogId,
    fingerprint: `${owner}:${id}@${baseURL}#rerank-v2/${mapping}`,
    prepare: (request) => ({
      url: `${baseURL}/v2/rerank`,
      authorize,
      body: encodeRerank(id, request),
      options,
      warnings: [],
      whole: (answer, start) => decodeRerank(answer, id, start),
      failures,
    }),
  });
}
