import type { ProviderModel } from "@plugboard/core";
import type { ChatDialect } from "./chat-completions/dialect.ts";
import { chatModel } from "./chat-completions/model.ts";
import { openaiDialect } from "./openai-dialect.ts";
import { azureAddress } from "./shared/azure-address.ts";
import type { AzureOptions } from "./shared/azure-address.ts";
import { azurePath } from "./shared/azure-path.ts";

const azureDialect: ChatDialect = { ...openaiDialect, provider: "azure", accepts: ["openai"] };

/**
 * A deployment on Azure OpenAI, asked through chat completions.
 *
 * @param deployment - its name on Azure
 * @throws {ModelError} `invalid-request` for an endpoint that is none; at the call, `auth` when there is no key, and
 *   `invalid-request` when there is no endpoint
 * @example
 * const model = azure("my-gpt-4o", { endpoint: "https://my-resource.openai.azure.com", catalogId: "gpt-4o" });
 */
export function azure(deployment: string, options: AzureOptions = {}): ProviderModel {
  const { apiVersion, catalogId } = options;
  const path = azurePath(deployment, "/chat/completions", apiVersion);
  return chatModel({
    dialect: azureDialect,
    id: deployment,
    catalogId,
    options,
    ...azureAddress(deployment, path, options),
  });
}
