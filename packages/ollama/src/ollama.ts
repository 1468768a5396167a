import type { ProviderEmbeddingModel, ProviderModel } from "@plugboard/core";
import type { ApiKey, WireOptions } from "@plugboard/wire";
import { bearerFrom, checkBaseURL, environment } from "@plugboard/wire";
import { chatModel } from "./chat/model.ts";
import type { ChatModelParts } from "./chat/model.ts";
import { embedModel } from "./embed/model.ts";
import { hostURL } from "./host.ts";

/** How Ollama is reached. */
export interface OllamaOptions extends WireOptions {
  /**
   * Where the server is, without `/api`. Plain http is fine, also to another machine: no key goes over it.
   *
   * @default `OLLAMA_HOST`, read at each call, else `http://127.0.0.1:11434`
   */
  readonly baseURL?: string;
  /**
   * Sent as a bearer token; `https://ollama.com` needs one. Over plain http it is sent to this machine alone.
   *
   * @default `OLLAMA_API_KEY`, read at each call and sent over https alone
   */
  readonly apiKey?: ApiKey;
  /** The catalogue's name for the model, where `id` is not one. */
  readonly catalogId?: string;
}

/** Raised when the mapping changes so that the same request may get another answer: part of the fingerprint. */
const mappingVersion = 2;

/**
 * Loading a model that is not in memory, and reading a long prompt on a processor, come before the first byte: Ollama itself gives a
 * load five minutes (`OLLAMA_LOAD_TIMEOUT`). A tool call comes whole, so while it is written nothing is heard.
 */
const clocks = { headers: 300_000, first: 300_000, idle: 120_000 } as const;

/**
 * A model that Ollama runs, on this machine, on another, or in its cloud, over its own protocol (`/api/chat`;
 * with a `suffix`, `/api/generate`).
 *
 * The clocks for headers and first content are five minutes and the idle clock is two, since models are loaded on demand.
 *
 * @param id - as `ollama list` shows it: `llama3.2`, `qwen3:8b`
 * @throws {ModelError} `invalid-request`, when `baseURL` or `OLLAMA_HOST` is no address
 * @example
 * const model = ollama("llama3.2");
 * const { content } = await model.generate("Why is the sky blue?");
 */
export function ollama(id: string, options: OllamaOptions = {}): ProviderModel {
  return chatModel(partsOf(id, "/api/chat", options));
}

/**
 * An embedding model that Ollama runs, over its own protocol (`/api/embed`). A text that is longer than the model's context is refused,
 * where Ollama by itself would cut it without a word; `providerOptions: { ollama: { truncate: true } }` lets it.
 *
 * @param id - as `ollama list` shows it: `nomic-embed-text`
 * @throws {ModelError} `invalid-request`, when `baseURL` or `OLLAMA_HOST` is no address
 * @example
 * const { embeddings } = await ollamaEmbedding("nomic-embed-text").embed(["a river", "a mountain"]);
 */
export function ollamaEmbedding(id: string, options: OllamaOptions = {}): ProviderEmbeddingModel {
  return embedModel(partsOf(id, "/api/embed", options));
}

function partsOf(id: string, path: string, { baseURL, apiKey, catalogId, ...wire }: OllamaOptions): ChatModelParts {
  const given = baseURL === undefined ? undefined : checkBaseURL(baseURL, { allowInsecure: true });
  const address = (): string => given ?? hostURL(environment("OLLAMA_HOST") ?? "");
  return {
    id,
    catalogId,
    fingerprint: `ollama:${id}@${address()}${path}#${mappingVersion}`,
    address,
    authorize: () => authorization(address(), apiKey),
    options: { ...wire, clocks: { ...clocks, ...wire.clocks } },
  };
}

/** @throws {ModelError} `auth` when a key is missing or is none, `invalid-request` when it would be sent in the clear */
async function authorization(address: string, apiKey: ApiKey | undefined): Promise<Readonly<Record<string, string>>> {
  const url = new URL(address);
  if (apiKey === undefined) {
    const wanted = url.hostname === "ollama.com";
    const usable = url.protocol === "https:" && environment("OLLAMA_API_KEY") !== undefined;
    if (!wanted && !usable) return {};
  } else {
    checkBaseURL(url); // a key goes over https, or stays on this machine
  }
  return bearerFrom({ apiKey, env: "OLLAMA_API_KEY", provider: "ollama" });
}
