import type { ProviderModel } from "@plugboard/core";
import { azureAddress } from "../shared/azure-address.ts";
import type { AzureOptions } from "../shared/azure-address.ts";
import type { ResponsesDialect } from "./dialect.ts";
import { responsesModel } from "./model.ts";
import { openaiResponsesDialect } from "./openai-responses.ts";

const dialect: ResponsesDialect = { ...openaiResponsesDialect, provider: "azure", accepts: ["openai"] };

/**
 * A deployment on Azure OpenAI, asked through the responses protocol.
 *
 * @param deployment - its name on Azure
 * @throws {ModelError} `invalid-request` for an endpoint that is none; at the call, `auth` when there is no key, and
 *   `invalid-request` when there is no endpoint
 * @example
 * const model = azureResponses("my-gpt-5", { endpoint: "https://my-resource.openai.azure.com", catalogId: "gpt-5" });
 */
export function azureResponses(deployment: string, options: AzureOptions = {}): ProviderModel {
  const { apiVersion, catalogId } = options;
  const path =
    apiVersion === undefined
      ? "/openai/v1/responses"
      : `/openai/responses?api-version=${encodeURIComponent(apiVersion)}`;
  return responsesModel({
    dialect,
    id: deployment,
    catalogId,
    options,
    ...azureAddress(deployment, path, options),
  });
}
