import type { JsonObject, ProviderRerankModel, RerankRequest } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { defineProviderRerankModel, mergeProviderOptions, rankingOf } from "@plugboard/wire";
import type { BedrockOptions } from "../bedrock-options.ts";
import { invokedModel, usageFrom } from "../invoke-model.ts";
import { provider } from "../provider.ts";

/** Raised whenever the same documents are sent, or the same answer read, in another way: it keeps cached rankings apart. */
const mapping = 1;

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_Rerank.html, of the same models. */
const mostDocuments = 1000;

/** A rerank model behind InvokeModel: those of Cohere and of Amazon have one body. */
export function rerankModel(id: string, options: BedrockOptions): ProviderRerankModel {
  const { catalogId } = options;
  const { place, invocation } = invokedModel(id, options);

  return defineProviderRerankModel({
    provider,
    id,
    catalogId,
    fingerprint: `${provider}:${id}@${place}#rerank/${mapping}`,
    prepare: (request) =>
      invocation({
        body: bodyOf(request, catalogId ?? id),
        warnings: [],
        whole(answer, headers) {
          const ranking = rankingOf(answer["results"], (how) => {
            return new ModelError(`The answer of ${id} has no ranking: ${how}.`, {
              code: "parse",
              provider,
              model: id,
            });
          });
          const usage = usageFrom(undefined, headers);
          return { model: id, ranking, usage, warnings: [], ...(headers && { headers }) };
        },
      }),
  });
}

function bodyOf({ query, documents, limit, providerOptions }: RerankRequest, model: string): JsonObject {
  if (documents.length > mostDocuments) {
    const message = `\`documents\` has ${documents.length} texts; Bedrock orders ${mostDocuments} at most.`;
    throw new ModelError(message, { code: "invalid-request", provider, model });
  }
  const body = {
    query,
    documents,
    ...(limit !== undefined && { top_n: limit }),
    ...(/cohere/.test(model) && { api_version: 2 }), // which of Cohere's protocols the body is of
  };
  return mergeProviderOptions(body, providerOptions?.[provider]);
}
