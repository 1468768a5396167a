import type { ProviderModel } from "@plugboard/core";
import type { ChatDialect } from "../chat-completions/dialect.ts";
import { chatModel } from "../chat-completions/model.ts";
import { foundryAddress } from "./foundry-address.ts";
import type { AzureFoundryOptions } from "./foundry-address.ts";
import { extraParameters, foundryApi } from "./foundry-api.ts";
import { foundryFamilies } from "./foundry-families.ts";

/** All models there; what one of them does its own way is said by its family. */
export const foundryDialect: Omit<ChatDialect, "baseURL"> = {
  provider: "azure",
  provenBy: {
    by: "documentation",
    source: "https://learn.microsoft.com/azure/ai-foundry/foundry-models/concepts/endpoints",
    date: "2026-11",
  },
  accepts: ["openai"],
  endsWithDone: true,
  families: foundryFamilies,
};

/**
 * A model deployed in Azure AI Foundry, whoever made it: Llama, Mistral, Phi, MAI, DeepSeek, Grok, Cohere, OpenAI's too. What it takes is
 * looked up by its catalogue name, or else by the deployment's.
 *
 * @param deployment - its name on Azure; of a serverless endpoint, the model's
 * @throws {ModelError} `invalid-request` for an endpoint or an API that is none; at the call, `auth` when there is no key, and
 *   `invalid-request` when there is no endpoint
 * @example
 * const model = azureFoundry("Phi-4", { endpoint: "https://my-resource.services.ai.azure.com" });
 * const llama = azureFoundry("my-llama", { endpoint, token: () => getToken(), catalogId: "Llama-3.3-70B-Instruct" });
 */
export function azureFoundry(deployment: string, options: AzureFoundryOptions = {}): ProviderModel {
  const { catalogId } = options;
  const api = foundryApi(options);
  const address = foundryAddress(deployment, "chat", options);
  return chatModel({
    dialect: { ...foundryDialect, baseURL: address.place, streamUsage: api.streamUsage },
    id: deployment,
    catalogId,
    options,
    ...address,
    headers: (body) => extraParameters(api, body),
  });
}
