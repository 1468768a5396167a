import { ModelError } from "@plugboard/core";
import type { Model } from "@plugboard/core";

type Factory = (id: string) => Model;

/** How models are made whose provider has a protocol of its own; a package is loaded when it is first asked for. */
const own: Readonly<Record<string, () => Promise<Factory>>> = {
  anthropic: async () => (await import("@plugboard/anthropic")).anthropic,
  azure: async () => (await import("@plugboard/openai")).azure,
  bedrock: async () => (await import("@plugboard/bedrock")).bedrock,
  cohere: async () => (await import("@plugboard/cohere")).cohere,
  google: async () => (await import("@plugboard/google")).google,
  ollama: async () => (await import("@plugboard/ollama")).ollama,
  openai: async () => (await import("@plugboard/openai")).openai,
  "openai-responses": async () => (await import("@plugboard/openai/responses")).openaiResponses,
};

/** A vendor's own dialect of chat completions, by the name of the provider. */
async function vendors(): Promise<ReadonlyMap<string, Factory>> {
  const factories = Object.entries(await import("@plugboard/openai/compatible"));
  const found = new Map<string, Factory>();
  for (const [name, factory] of factories) {
    // Factories of other kinds (embeddings, ranking, completions) say so in their names, and have dialects of their own.
    if (!("dialect" in factory) || /(Rerank|Embedding)$/.test(name) || name === "codestral") continue;
    found.set(factory.dialect.provider, factory as Factory);
  }
  return found;
}

/** The names before the slash, sorted. */
export async function providerNames(): Promise<readonly string[]> {
  return [...Object.keys(own), ...(await vendors()).keys()].toSorted();
}

/**
 * The model of a name as people write it, `openai/gpt-4o` or `openrouter/meta-llama/llama-3.3-70b-instruct`; its key is in the
 * provider's environment variable.
 *
 * @throws {ModelError} `invalid-request` for a name without a slash, `not-found` for a provider that there is none of
 */
export async function modelNamed(name: string): Promise<Model> {
  const [provider, id] = splitName(name);
  const load = Object.hasOwn(own, provider) ? own[provider] : undefined;
  const factory = load ? await load() : (await vendors()).get(provider);
  if (factory) return factory(id);
  throw new ModelError(`There is no provider "${provider}"; these are: ${(await providerNames()).join(", ")}.`, {
    code: "not-found",
  });
}

/** What stands before and behind the first slash. @throws {ModelError} `invalid-request` where one of them is missing */
export function splitName(name: string): readonly [provider: string, id: string] {
  const place = name.indexOf("/");
  if (place > 0 && place < name.length - 1) return [name.slice(0, place), name.slice(place + 1)];
  throw new ModelError(`A model is named provider/id, such as openai/gpt-4o; this is ${JSON.stringify(name)}.`, {
    code: "invalid-request",
  });
}
