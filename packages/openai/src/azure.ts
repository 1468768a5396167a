import { ModelError } from "@plugboard/core";
import type { Model } from "@plugboard/core";
import { checkBaseURL, keyFrom } from "@plugboard/wire";
import type { ApiKey, WireOptions } from "@plugboard/wire";
import type { ChatDialect } from "./chat-completions/dialect.ts";
import { chatModel } from "./chat-completions/model.ts";
import { openaiDialect } from "./openai-dialect.ts";

/** What a deployment on Azure can be given. */
export interface AzureOptions extends WireOptions {
  /** The resource, such as `https://my-resource.openai.azure.com`. @default `AZURE_OPENAI_ENDPOINT`, read at every call */
  readonly endpoint?: string | URL;
  /** @default `AZURE_OPENAI_API_KEY`, read at every call */
  readonly apiKey?: ApiKey;
  /** A Microsoft Entra token, asked for at every call, instead of a key. */
  readonly token?: ApiKey;
  /** Uses the API of this version, such as `2024-10-21`. @default the v1 API, which has no versions */
  readonly apiVersion?: string;
  /** The model behind the deployment, such as `gpt-4o`: prices, limits and what it takes are looked up by it. */
  readonly catalogId?: string;
  /** Lets `http:` reach hosts beyond this machine. @default false */
  readonly allowInsecure?: boolean;
}

const provider = "azure";
const endpointVariable = "AZURE_OPENAI_ENDPOINT";

const azureDialect: ChatDialect = { ...openaiDialect, provider, accepts: ["openai"] };

/**
 * A deployment on Azure OpenAI, asked through chat completions.
 *
 * @param deployment - its name on Azure
 * @throws {ModelError} `invalid-request` for an endpoint that is none; at the call, `auth` when there is no key, and
 *   `invalid-request` when there is no endpoint
 * @example
 * const model = azure("my-gpt-4o", { endpoint: "https://my-resource.openai.azure.com", catalogId: "gpt-4o" });
 */
export function azure(deployment: string, options: AzureOptions = {}): Model {
  const { apiKey, token, apiVersion, catalogId, allowInsecure } = options;
  const given = options.endpoint === undefined ? undefined : resourceOf(options.endpoint);
  const path =
    apiVersion === undefined
      ? "/openai/v1/chat/completions"
      : `/openai/deployments/${encodeURIComponent(deployment)}/chat/completions?api-version=${encodeURIComponent(apiVersion)}`;

  /** Without the path of an API, which is often copied along. */
  function resourceOf(endpoint: string | URL): string {
    return checkBaseURL(endpoint, { allowInsecure }).replace(/\/openai(\/v1)?$/, "");
  }

  return chatModel({
    dialect: azureDialect,
    id: deployment,
    catalogId,
    options,
    place: `${given ?? environment(endpointVariable) ?? endpointVariable}${path}`,
    async address() {
      const endpoint = given ?? environment(endpointVariable);
      if (endpoint === undefined) {
        throw new ModelError(
          `azure needs an endpoint: give the option endpoint, or set the variable ${endpointVariable}.`,
          {
            code: "invalid-request",
            provider,
            model: deployment,
          },
        );
      }
      return { url: resourceOf(endpoint) + path, headers: await authorize() };
    },
  });

  async function authorize(): Promise<Record<string, string>> {
    if (token !== undefined) {
      const bearer = await keyFrom({ apiKey: token, env: "", provider });
      return { authorization: `Bearer ${bearer.reveal()}` };
    }
    const key = await keyFrom({ apiKey, env: "AZURE_OPENAI_API_KEY", provider });
    return { "api-key": key.reveal() };
  }
}

function environment(name: string): string | undefined {
  const value = typeof process === "undefined" ? undefined : process.env[name]?.trim();
  return value === "" ? undefined : value;
}
