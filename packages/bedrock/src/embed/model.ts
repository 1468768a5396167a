import type { ProviderEmbeddingModel } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { defineProviderEmbeddingModel, mergeProviderOptions } from "@plugboard/wire";
import type { BedrockOptions } from "../bedrock-options.ts";
import { invokedModel, usageFrom } from "../invoke-model.ts";
import { provider } from "../provider.ts";
import { embeddingFamilyOf } from "./family.ts";

/** Raised whenever the same texts are sent, or the same answer read, in another way: it keeps cached vectors apart. */
const mapping = 1;

/** An embedding model behind InvokeModel. */
export function embedModel(id: string, options: BedrockOptions): ProviderEmbeddingModel {
  const { catalogId } = options;
  const known = catalogId ?? id;
  const family = embeddingFamilyOf(known);
  const { place, invocation } = invokedModel(id, options);

  return defineProviderEmbeddingModel({
    provider,
    id,
    catalogId,
    fingerprint: `${provider}:${id}@${place}#embed/${mapping}`,
    batch: family.batch,
    prepare(request) {
      const { body, warnings } = family.write(request, known);
      return invocation({
        body: mergeProviderOptions(body, request.providerOptions?.[provider]),
        warnings,
        whole(answer, headers) {
          const embeddings = family.vectors(answer);
          if (!embeddings) {
            throw new ModelError(`The answer of ${id} has no vectors.`, { code: "parse", provider, model: id });
          }
          const usage = usageFrom(family.tokens?.(answer), headers);
          return { model: id, embeddings, usage, warnings, ...(headers && { headers }) };
        },
      });
    },
  });
}
