import type { Json, JsonObject, ProviderData } from "@plugboard/core";
import type { ServedProtocol } from "@plugboard/wire";
import type { EmbeddingRoute, Route } from "@plugboard/wire/serve";
import { chatCompletionsProtocol } from "./chat-completions/serve.ts";
import type { ChatCompletionsProtocolOptions } from "./chat-completions/serve.ts";
import { completionsProtocol } from "./completions/serve.ts";
import { embeddingsProtocol } from "./embeddings/serve.ts";
import { isObject } from "./shared/fields.ts";
import { inputTokensProtocol } from "./responses/serve-count.ts";
import type { ItemShelf } from "./responses/item-shelf.ts";
import { responsesProtocol } from "./responses/serve.ts";

/** How the protocols make up what an answer does not know of itself. */
export interface RouteOptions extends Pick<ChatCompletionsProtocolOptions, "now" | "newId"> {
  /** Where the items of responses are kept, so that clients may refer to them. @default nowhere: who refers to one is refused */
  readonly items?: ItemShelf;
}

/**
 * Where OpenAI's API is asked what is served here, after its base URL or that of a deployment on Azure: chat completions, completions,
 * responses and their count of input tokens, embeddings.
 *
 * @example
 * const match = routeOf(openaiRoutes(), new URL(request.url).pathname);
 */
export function openaiRoutes(options: RouteOptions = {}): readonly Route[] {
  const { responses, embeddings, completions } = paths;
  return [
    { kind: "chat", path: paths.chat, protocol: chatCompletionsProtocol(options) },
    { kind: "chat", path: completions, protocol: completionsProtocol(options) },
    { kind: "chat", path: responses, protocol: responsesProtocol(options) },
    { kind: "count", path: paths.inputTokens, protocol: inputTokensProtocol(options.items) },
    { kind: "embedding", path: embeddings, protocol: embeddingsProtocol() },
  ];
}

/**
 * The same of Mistral's API: chat completions whose streams always tell their usage, filling in the middle, which is answered in the
 * words of chat, and embeddings.
 *
 * @example
 * const match = routeOf(mistralRoutes(), new URL(request.url).pathname);
 */
export function mistralRoutes(options: RouteOptions = {}): readonly Route[] {
  const chat = asMistral(chatCompletionsProtocol({ ...options, manner: "mistral" }));
  const prompts = asMistral(completionsProtocol());
  const fim: ServedProtocol = { ...chat, name: "fim-completions", readRequest: (body) => prompts.readRequest(body) };
  return [
    { kind: "chat", path: paths.chat, protocol: chat },
    { kind: "chat", path: paths.fim, protocol: fim },
    { kind: "embedding", path: paths.embeddings, protocol: mistralEmbeddings(options) },
  ];
}

/** Mistral's answers have an id, and count what was written though nothing was. */
function mistralEmbeddings({ newId = () => crypto.randomUUID() }: RouteOptions): EmbeddingRoute["protocol"] {
  const protocol = asMistral(embeddingsProtocol());
  return {
    ...protocol,
    writeResult(result, asked) {
      const { usage, ...body } = protocol.writeResult(result, asked) as { readonly usage: JsonObject };
      return { id: newId(), ...body, usage: { ...usage, completion_tokens: 0 } };
    },
  };
}

interface Reading {
  readRequest(body: Json): { readonly model: string; readonly request: { readonly providerOptions?: ProviderData } };
}

/** The same protocol, of which Mistral reads what our words do not hold. */
function asMistral<Protocol extends Reading>(protocol: Protocol): Protocol {
  return {
    ...protocol,
    readBy: ["mistral"],
    readRequest(body) {
      const asked = protocol.readRequest(isObject(body) ? inWordsOfOpenAI(body) : body);
      const { openai: own, ...others } = asked.request.providerOptions ?? {};
      return own ? { ...asked, request: { ...asked.request, providerOptions: { ...others, mistral: own } } } : asked;
    },
  };
}

/** Mistral calls some things otherwise. */
function inWordsOfOpenAI({ random_seed: seed, output_dimension: dimensions, ...body }: JsonObject): JsonObject {
  return {
    ...body,
    ...(seed !== undefined && { seed }),
    ...(dimensions !== undefined && { dimensions }),
    ...(body["tool_choice"] === "any" && { tool_choice: "required" }),
  };
}

/** A deployment on Azure is named in the path. */
const paths = {
  chat: /(?:\/openai\/deployments\/(?<model>[^/]+))?\/chat\/completions$/,
  fim: /\/fim\/completions$/,
  completions: /(?:\/openai\/deployments\/(?<model>[^/]+)|(?<!\/(?:chat|fim|agents)))\/completions$/,
  responses: /\/responses$/,
  inputTokens: /\/responses\/input_tokens$/,
  embeddings: /(?:\/openai\/deployments\/(?<model>[^/]+))?\/embeddings$/,
};
