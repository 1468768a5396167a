import type { ProviderEmbeddingModel } from "@plugboard/core";
import { azureEmbeddingDialect } from "../azure-embedding.ts";
import type { EmbeddingDialect } from "../embeddings/dialect.ts";
import { embeddingModel } from "../embeddings/model.ts";
import { foundryAddress } from "./foundry-address.ts";
import type { AzureFoundryOptions } from "./foundry-address.ts";
import { extraParameters, foundryApi } from "./foundry-api.ts";

/** Azure's own API is told what vectors are for. https://learn.microsoft.com/azure/machine-learning/reference-model-inference-embeddings */
const told: EmbeddingDialect = {
  ...azureEmbeddingDialect,
  embeddings: {
    ...azureEmbeddingDialect.embeddings,
    purpose: { field: "input_type", values: { query: "query", document: "document" } },
  },
};

/**
 * An embedding model deployed in Azure AI Foundry, such as Cohere's. More texts than go in one request are sent in several, as by
 * `azureEmbedding`.
 *
 * @param deployment - its name on Azure; of a serverless endpoint, the model's
 * @throws {ModelError} `invalid-request` for an endpoint or an API that is none; at the call, `auth` when there is no key, and
 *   `invalid-request` when there is no endpoint
 * @example
 * const model = azureFoundryEmbedding("embed-v-4-0", { endpoint, api: "inference", catalogId: "cohere-embed-v4" });
 * const { embeddings } = await model.embed({ values: ["a river"], purpose: "query" });
 */
export function azureFoundryEmbedding(deployment: string, options: AzureFoundryOptions = {}): ProviderEmbeddingModel {
  const { catalogId } = options;
  const api = foundryApi(options);
  return embeddingModel({
    dialect: api.known ? told : azureEmbeddingDialect,
    id: deployment,
    catalogId,
    options,
    ...foundryAddress(deployment, "embeddings", options),
    headers: (body) => extraParameters(api, body),
  });
}
