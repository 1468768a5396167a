import type { ApiKey, WireOptions } from "@plugboard/wire";
import { azurePlace } from "../shared/azure-address.ts";
import type { Address } from "../shared/vendor-address.ts";
import { foundryApi } from "./foundry-api.ts";
import type { FoundryApiName } from "./foundry-api.ts";

/** What a deployment in Azure AI Foundry can be given. */
export interface AzureFoundryOptions extends WireOptions {
  /**
   * The resource, such as `https://my-resource.services.ai.azure.com`, or a serverless endpoint, such as
   * `https://my-phi.eastus2.models.ai.azure.com`. @default `AZURE_INFERENCE_ENDPOINT`, read at every call
   */
  readonly endpoint?: string | URL;
  /**
   * The API that answers there: `v1` has the form of OpenAI's, `inference` is Azure's own for the models of others, `serverless` that of
   * an endpoint for one model. @default `serverless` for an `endpoint` under `models.ai.azure.com`, otherwise `v1`
   */
  readonly api?: FoundryApiName;
  /** The version of `inference`; the others have none. @default "2024-05-01-preview" */
  readonly apiVersion?: string;
  /** @default `AZURE_INFERENCE_CREDENTIAL`, read at every call */
  readonly apiKey?: ApiKey;
  /** A Microsoft Entra token for `https://cognitiveservices.azure.com/.default`, asked for at every call, instead of a key. */
  readonly token?: ApiKey;
  /** The model behind the deployment, such as `Llama-3.3-70B-Instruct`: prices, limits and what it takes are looked up by it. */
  readonly catalogId?: string;
  /** Lets `http:` reach hosts beyond this machine. @default false */
  readonly allowInsecure?: boolean;
}

/** Where a deployment answers for an operation. @throws {ModelError} `invalid-request` for an endpoint or an API that is none */
export function foundryAddress(
  deployment: string,
  operation: "chat" | "embeddings" | "rerank",
  options: AzureFoundryOptions,
): Address {
  const { apiVersion = "2024-05-01-preview" } = options;
  const api = foundryApi(options);
  const path = api[operation].replace("?", () => `?api-version=${encodeURIComponent(apiVersion)}`);
  return azurePlace(deployment, path, options, {
    endpointVariable: "AZURE_INFERENCE_ENDPOINT",
    keyVariable: "AZURE_INFERENCE_CREDENTIAL",
    keyHeader: api.keyHeader,
    copiedAlong: /\/(openai(\/v1)?|models|v1|api\/projects\/[^/]+)$/,
  });
}
