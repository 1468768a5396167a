import type { ProviderEmbeddingModel } from "@plugboard/core";
import type { EmbeddingDialect } from "./embeddings/dialect.ts";
import { embeddingModel } from "./embeddings/model.ts";
import { azureAddress } from "./shared/azure-address.ts";
import type { AzureOptions } from "./shared/azure-address.ts";
import { azurePath } from "./shared/azure-path.ts";

/** Models of others are deployed beside OpenAI's, so vectors are asked for in the form that all of them know. */
export const azureEmbeddingDialect: EmbeddingDialect = {
  provider: "azure",
  accepts: ["openai"],
  embeddings: {
    batch: { values: 2048, bytes: 300_000 },
    models: [
      { models: /ada-002/, dimensions: false },
      // https://learn.microsoft.com/azure/ai-foundry/foundry-models/concepts/models
      { models: /cohere/i, batch: { values: 96 } },
    ],
  },
};

/**
 * A deployment of an embedding model on Azure. More texts than go in one request (2,048, or 300,000 bytes; 96 of Cohere's models) are
 * sent in several, four at a time; each is an attempt.
 *
 * @param deployment - its name on Azure
 * @throws {ModelError} `invalid-request` for an endpoint that is none; at the call, `auth` when there is no key, and
 *   `invalid-request` when there is no endpoint
 * @example
 * const model = azureEmbedding("my-embeddings", { endpoint, catalogId: "text-embedding-3-small" });
 * const { embeddings } = await model.embed(["a river", "a mountain"]);
 */
export function azureEmbedding(deployment: string, options: AzureOptions = {}): ProviderEmbeddingModel {
  const { apiVersion, catalogId } = options;
  const path = azurePath(deployment, "/embeddings", apiVersion);
  const address = azureAddress(deployment, path, options);
  return embeddingModel({ dialect: azureEmbeddingDialect, id: deployment, catalogId, options, ...address });
}
