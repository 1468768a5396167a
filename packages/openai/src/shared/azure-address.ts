import { ModelError } from "@plugboard/core";
import { azureAuthorization, checkBaseURL, environment } from "@plugboard/wire";
import type { ApiKey, WireOptions } from "@plugboard/wire";
import type { Address } from "./vendor-address.ts";

/** What a deployment on Azure can be given, whatever the protocol. */
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

/** How resources of one service of Azure are found and asked. */
interface AzureService {
  readonly endpointVariable: string;
  readonly keyVariable: string;
  /** The header that carries a key; a Microsoft Entra token is always a bearer's. */
  readonly keyHeader: "api-key" | "authorization";
  /** The path of an API, which is often copied along with an endpoint. */
  readonly copiedAlong: RegExp;
}

type Access = Pick<AzureOptions, "endpoint" | "apiKey" | "token" | "allowInsecure">;

const provider = "azure";

/**
 * A resource of Azure OpenAI, the one given or the one of the environment.
 *
 * @param path - after the resource, with its query
 * @throws {ModelError} `invalid-request` for an endpoint that is none
 */
export function azureAddress(deployment: string, path: string, options: AzureOptions): Address {
  return azurePlace(deployment, path, options, {
    endpointVariable: "AZURE_OPENAI_ENDPOINT",
    keyVariable: "AZURE_OPENAI_API_KEY",
    keyHeader: "api-key",
    copiedAlong: /\/openai(\/v1)?$/,
  });
}

/** The same for any service of Azure. */
export function azurePlace(
  deployment: string,
  path: string,
  { endpoint, apiKey, token, allowInsecure }: Access,
  { endpointVariable, keyVariable, keyHeader, copiedAlong }: AzureService,
): Address {
  const given = endpoint === undefined ? undefined : resourceOf(endpoint);

  function resourceOf(endpoint: string | URL): string {
    return checkBaseURL(endpoint, { allowInsecure }).replace(copiedAlong, "");
  }

  return {
    place: `${given ?? environment(endpointVariable) ?? endpointVariable}${path}`,
    url() {
      const resource = given ?? environment(endpointVariable);
      if (resource === undefined) {
        throw new ModelError(
          `azure needs an endpoint: give the option endpoint, or set the variable ${endpointVariable}.`,
          { code: "invalid-request", provider, model: deployment },
        );
      }
      return resourceOf(resource) + path;
    },
    authorize: () => azureAuthorization({ apiKey, token, env: keyVariable, header: keyHeader, provider }),
  };
}
