import type { ProviderRerankModel } from "@plugboard/core";
import { defineProviderRerankModel } from "@plugboard/wire";
import type { ModelParts } from "../shared/model-parts.ts";
import { decodeRerank } from "./decode.ts";
import type { RerankDialect } from "./dialect.ts";
import { encodeRerank } from "./encode.ts";

/** Counted up when the same request would be sent, or the same answer read, otherwise than before: caches look at it. */
const mapping = 1;

/** What a rerank model of the protocol is made of. */
export type RerankParts = ModelParts<Pick<RerankDialect, "provider" | "accepts" | "rerank" | "failures">>;

/** Joins the mapping of rankings to the wire. */
export function rerankModel(parts: RerankParts): ProviderRerankModel {
  const { dialect, id, catalogId, options, place, url, authorize } = parts;
  const { provider, failures } = dialect;
  return defineProviderRerankModel({
    provider,
    id,
    catalogId,
    fingerprint: `${provider}:${id}@${place}#rerank/${mapping}`,
    prepare: (request) => ({
      url: url(),
      ...(authorize && { authorize }),
      body: encodeRerank(request, { dialect, model: id }),
      options,
      warnings: [],
      whole: (answer, start) => decodeRerank(answer, { provider, model: id, limit: request.limit }, start),
      ...(failures && { failures }),
    }),
  });
}
