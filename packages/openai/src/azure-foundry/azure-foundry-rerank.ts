import type { ProviderRerankModel } from "@plugboard/core";
import { rerankModel } from "../rerank/model.ts";
import { foundryAddress } from "./foundry-address.ts";
import type { AzureFoundryOptions } from "./foundry-address.ts";

const dialect = { provider: "azure", accepts: ["cohere"] } as const;

/**
 * A rerank model of Cohere's deployed in Azure AI Foundry.
 *
 * @param deployment - its name on Azure; of a serverless endpoint, the model's
 * @throws {ModelError} `invalid-request` for an endpoint or an API that is none; at the call, `auth` when there is no key, and
 *   `invalid-request` when there is no endpoint
 * @example
 * const model = azureFoundryRerank("Cohere-rerank-v4.0-pro", { endpoint: "https://my-resource.services.ai.azure.com" });
 * const { ranking } = await model.rerank({ query: "a river", documents: ["the Nile", "Everest"] });
 */
export function azureFoundryRerank(deployment: string, options: AzureFoundryOptions = {}): ProviderRerankModel {
  const { catalogId } = options;
  const address = foundryAddress(deployment, "rerank", options);
  return rerankModel({ dialect, id: deployment, catalogId, options, ...address });
}
