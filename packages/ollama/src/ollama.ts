import type { Model } from "@plugboard/core";
import type { WireOptions } from "@plugboard/wire";
import { ModelError } from "@plugboard/core";
import { chatModel } from "./chat/model.ts";
import { baseUrl, hostUrl, isLoopback, withoutSlash } from "./host.ts";

/** How Ollama is reached. */
export interface OllamaOptions extends WireOptions {
  /**
   * Where the server is, without `/api`. Plain http is fine: no key goes over it.
   *
   * @default `OLLAMA_HOST`, read at each call, else `http://127.0.0.1:11434`
   */
  readonly baseURL?: string;
  /**
   * Sent as a bearer token; `https://ollama.com` needs one. Over plain http it is sent to this machine alone.
   *
   * @default `OLLAMA_API_KEY`, read at each call and sent over https alone
   */
  readonly apiKey?: string;
  /** The catalogue's name for the model, where `id` is not one. */
  readonly catalogId?: string;
}

/** Raised when the mapping changes so that the same request may get another answer: part of the fingerprint. */
const mappingVersion = 1;

/**
 * Loading a model that is not in memory, and reading a long prompt on a processor, come before the first byte: Ollama itself gives a
 * load five minutes (`OLLAMA_LOAD_TIMEOUT`). A tool call comes whole, so while it is written nothing is heard.
 */
const clocks = { headers: 300_000, first: 300_000, idle: 120_000 } as const;

/**
 * A model that Ollama runs, on this machine, on another, or in its cloud, over its own protocol (`/api/chat`).
 *
 * The clocks for headers and first content are five minutes and the idle clock is two, since models are loaded on demand.
 *
 * @param id - as `ollama list` shows it: `llama3.2`, `qwen3:8b`
 * @throws {ModelError} `invalid-request`, when `baseURL` is no http or https URL
 * @example
 * const model = ollama("llama3.2");
 * const { content } = await model.generate("Why is the sky blue?");
 */
export function ollama(id: string, options: OllamaOptions = {}): Model {
  const { baseURL, apiKey, catalogId, ...wire } = options;
  const given = baseURL === undefined ? undefined : withoutSlash(baseUrl(baseURL, "baseURL"));
  const address = (): string => given ?? hostUrl(environment("OLLAMA_HOST") ?? "");
  return chatModel({
    id,
    catalogId,
    fingerprint: `ollama:${id}@${address()}/api/chat#${mappingVersion}`,
    target: () => {
      const url = `${address()}/api/chat`;
      return { url, headers: authorization(new URL(url), apiKey) };
    },
    options: { ...wire, clocks: { ...clocks, ...wire.clocks } },
  });
}

/** @throws {ModelError} `auth` when a key is missing or is none, `invalid-request` when it would be sent in the clear */
function authorization(url: URL, given: string | undefined): Record<string, string> {
  const secure = url.protocol === "https:";
  const key = (given ?? (secure ? environment("OLLAMA_API_KEY") : undefined))?.trim();
  if (!key) {
    if (url.hostname !== "ollama.com") return {};
    throw failure("Ollama's cloud needs a key: give `apiKey` or set OLLAMA_API_KEY.", "auth");
  }
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw failure("The key for Ollama must be of printable ASCII characters without spaces.", "auth");
  }
  if (!secure && !isLoopback(url)) {
    throw failure(
      "A key is sent over https alone: `baseURL` is plain http and not on this machine.",
      "invalid-request",
    );
  }
  return { authorization: `Bearer ${key}` };
}

function failure(message: string, code: "auth" | "invalid-request"): ModelError {
  return new ModelError(message, { code, provider: "ollama" });
}

/** Some runtimes have no environment. */
function environment(name: string): string | undefined {
  return globalThis.process?.env[name] || undefined;
}
