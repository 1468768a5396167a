import type { ProviderEmbeddingModel } from "@plugboard/core";
import { cohereTexts, defineProviderEmbeddingModel } from "@plugboard/wire";
import type { CohereOptions } from "../account.ts";
import { accountOf, owner } from "../account.ts";
import { failures } from "../failures.ts";
import { decodeEmbed } from "./decode.ts";
import { encodeEmbed } from "./encode.ts";

/** Raised whenever the same texts are sent, or the same answer read, in another way: it keeps cached vectors apart. */
const mapping = 1;

/** An embedding model behind `/v2/embed`. */
export function embedModel(id: string, given: CohereOptions): ProviderEmbeddingModel {
  const { catalogId } = given;
  const { baseURL, authorize, options } = accountOf(given);
  return defineProviderEmbeddingModel({
    provider: owner,
    id,
    catalogId,
    fingerprint: `${owner}:${id}@${baseURL}#embed-v2/${mapping}`,
    batch: { values: cohereTexts },
    prepare(request) {
      const { body, warnings } = encodeEmbed(id, request, catalogId);
      return {
        url: `${baseURL}/v2/embed`,
        authorize,
        body,
        options,
        warnings,
        whole: (answer, start) => decodeEmbed(answer, id, start),
        failures,
      };
    },
  });
}
