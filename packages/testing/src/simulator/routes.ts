import { messagesProtocol } from "@plugboard/anthropic/serve";
import { converseProtocol } from "@plugboard/bedrock/serve";
import { chatProtocol as cohereProtocol } from "@plugboard/cohere/serve";
import type { Json, JsonObject } from "@plugboard/core";
import { generateContentProtocol } from "@plugboard/google/serve";
import { chatProtocol } from "@plugboard/ollama/serve";
import { chatCompletionsProtocol, responsesProtocol } from "@plugboard/openai/serve";
import type { ServedProtocol, Written } from "@plugboard/wire";

/** Where a protocol is spoken. */
export interface Route {
  /** Matched against the path. A group named `model` names the model, for protocols that have it in the path. */
  readonly path: RegExp;
  readonly protocol: ServedProtocol<Written>;
}

/**
 * The providers' own paths: OpenAI's and Azure's chat completions and responses, Anthropic's messages, Google's generateContent, Cohere's
 * and Ollama's chat, Bedrock's Converse.
 */
export function usualRoutes(): readonly Route[] {
  const completions = chatCompletionsProtocol();
  return [
    { path: /^\/openai\/deployments\/(?<model>[^/]+)\/chat\/completions$/, protocol: completions },
    { path: /\/chat\/completions$/, protocol: completions },
    { path: /\/responses$/, protocol: responsesProtocol() },
    { path: /^\/v1\/messages$/, protocol: messagesProtocol() },
    { path: /\/models\/(?<model>[^/:]+):generateContent$/, protocol: generateContentProtocol() },
    { path: /\/models\/(?<model>[^/:]+):streamGenerateContent$/, protocol: generateContentProtocol({ stream: true }) },
    { path: /^\/v2\/chat$/, protocol: cohereProtocol() },
    { path: /^\/api\/chat$/, protocol: chatProtocol() },
    { path: /^\/model\/(?<model>[^/]+)\/converse$/, protocol: converseProtocol() },
    { path: /^\/model\/(?<model>[^/]+)\/converse-stream$/, protocol: converseProtocol({ stream: true }) },
  ];
}

/** The protocol that a path speaks, and the body with the model that the path names. */
export function routeOf(
  routes: readonly Route[],
  pathname: string,
): { readonly protocol: ServedProtocol<Written>; readonly named: (body: Json) => Json } | undefined {
  for (const { path, protocol } of routes) {
    const match = path.exec(pathname);
    if (!match) continue;
    const encoded = match.groups?.["model"];
    const model = encoded === undefined ? undefined : decodeURIComponent(encoded);
    return { protocol, named: (body) => (model === undefined || !isObject(body) ? body : { ...body, model }) };
  }
  return undefined;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
