import type { CountingModel } from "@plugboard/core";
import type { ApiKey, WireOptions } from "@plugboard/wire";
import type { AnthropicVersion, MessagesDialect } from "./messages/dialect.ts";
import { ModelError } from "@plugboard/core";
import { azureAuthorization, checkBaseURL, environment } from "@plugboard/wire";
import { anthropicDialect } from "./messages/dialect.ts";
import { messagesModel } from "./messages/model.ts";

/** What a Claude on Azure AI Foundry can be given. */
export interface AzureAnthropicOptions extends WireOptions {
  /**
   * The resource, such as `https://my-resource.services.ai.azure.com`, with or without `/anthropic`.
   *
   * @default `ANTHROPIC_FOUNDRY_BASE_URL`, or the resource that `ANTHROPIC_FOUNDRY_RESOURCE` names, read at every call
   */
  readonly endpoint?: string | URL;
  /** A key, or how to get one; asked at every call. @default `ANTHROPIC_FOUNDRY_API_KEY` */
  readonly apiKey?: ApiKey;
  /** A Microsoft Entra token, asked for at every call, instead of a key. */
  readonly token?: ApiKey;
  /** The version of Anthropic's API. @default "2023-06-01" */
  readonly version?: AnthropicVersion;
  /** Features in beta to turn on, as the `anthropic-beta` header names them. */
  readonly beta?: readonly string[];
  /** The model behind the deployment, where its name is another: prices, limits and what it takes are looked up by it. */
  readonly catalogId?: string;
}

/** https://platform.claude.com/docs/en/build-with-claude/claude-in-microsoft-foundry, read in November 2026: the same API elsewhere. */
const dialect: MessagesDialect = { ...anthropicDialect, provider: "azure" };

const [endpointVariable, resourceVariable] = ["ANTHROPIC_FOUNDRY_BASE_URL", "ANTHROPIC_FOUNDRY_RESOURCE"];

/**
 * A Claude deployed on Azure AI Foundry, asked in Anthropic's own protocol.
 *
 * @param deployment - its name on Azure
 * @throws {ModelError} `invalid-request` for an endpoint that is none; at the call, `auth` when there is no key, and
 *   `invalid-request` when there is no endpoint
 * @example
 * const model = azureAnthropic("claude-sonnet-4-6", { endpoint: "https://my-resource.services.ai.azure.com" });
 */
export function azureAnthropic(deployment: string, options: AzureAnthropicOptions = {}): CountingModel {
  const { endpoint, apiKey, token, version, beta, catalogId, ...wire } = options;
  const given = endpoint === undefined ? undefined : baseOf(endpoint);
  const { provider } = dialect;
  return messagesModel({
    id: deployment,
    catalogId,
    dialect,
    address: {
      place: given ?? usualBase() ?? endpointVariable,
      base() {
        const base = given ?? usualBase();
        if (base !== undefined) return base;
        const message = `azure needs an endpoint: give the option endpoint, or set the variable ${endpointVariable} or ${resourceVariable}.`;
        throw new ModelError(message, { code: "invalid-request", provider, model: deployment });
      },
      authorize: () =>
        azureAuthorization({ apiKey, token, env: "ANTHROPIC_FOUNDRY_API_KEY", header: "x-api-key", provider }),
    },
    version,
    beta,
    options: wire,
  });
}

/** @throws {ModelError} `invalid-request` for a variable that holds none */
function usualBase(): string | undefined {
  const endpoint = environment(endpointVariable);
  if (endpoint !== undefined) return baseOf(endpoint);
  const resource = environment(resourceVariable);
  if (resource === undefined) return undefined;
  // It becomes part of a host's name.
  if (/^[a-z0-9-]+$/i.test(resource)) return baseOf(`https://${resource}.services.ai.azure.com`);
  const shown = JSON.stringify(resource.slice(0, 40));
  const message = `${resourceVariable} is ${shown}; it must be the name of a resource: letters, digits and "-".`;
  throw new ModelError(message, { code: "invalid-request", provider: dialect.provider });
}

/** With the path of the API, which is often left out, or copied along further than wanted. */
function baseOf(endpoint: string | URL): string {
  return `${checkBaseURL(endpoint).replace(/\/anthropic(\/v1(\/messages)?)?$/, "")}/anthropic`;
}
