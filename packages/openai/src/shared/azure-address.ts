import { ModelError } from "@plugboard/core";
import { checkBaseURL, keyFrom } from "@plugboard/wire";
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

const provider = "azure";
const endpointVariable = "AZURE_OPENAI_ENDPOINT";

/**
 * A resource on Azure, the one given or the one of the environment.
 *
 * @param path - after the resource, with its query
 * @throws {ModelError} `invalid-request` for an endpoint that is none
 */
export function azureAddress(deployment: string, path: string, options: AzureOptions): Address {
  const { apiKey, token, allowInsecure } = options;
  const given = options.endpoint === undefined ? undefined : resourceOf(options.endpoint);

  /** Without the path of an API, which is often copied along. */
  function resourceOf(endpoint: string | URL): string {
    return checkBaseURL(endpoint, { allowInsecure }).replace(/\/openai(\/v1)?$/, "");
  }

  return {
    place: `${given ?? environment(endpointVariable) ?? endpointVariable}${path}`,
    url() {
      const endpoint = given ?? environment(endpointVariable);
      if (endpoint === undefined) {
        throw new ModelError(
          `azure needs an endpoint: give the option endpoint, or set the variable ${endpointVariable}.`,
          { code: "invalid-request", provider, model: deployment },
        );
      }
      return resourceOf(endpoint) + path;
    },
    authorize,
  };

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
