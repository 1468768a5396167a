import type { EmbeddingModel, Model } from "@plugboard/core";

/** What a configured model hands to its provider's factory. */
export interface ProviderSettings {
  /** Asked at every call, so that keys can be changed. */
  readonly apiKey?: () => string;
  /** @default the provider's */
  readonly baseURL?: string;
  /** The catalogue's name for the model, where its id is not one. */
  readonly catalogId?: string;
  readonly [option: string]: unknown;
}

/** Makes a model of a provider; its package is loaded when the first is made. */
export type Make<Kind> = (id: string, settings: ProviderSettings) => Promise<Kind>;

/** What a provider offers, by kind. */
export interface Provider {
  /** Models that answer. */
  readonly chat: Make<Model>;
  /** Models that make vectors of texts. */
  readonly embedding?: Make<EmbeddingModel>;
  /** Whether it is in one's own network where no address says otherwise. */
  readonly local?: true;
}

/** Vendors that speak the protocol of OpenAI. */
const compatible = [
  "alibaba",
  "cerebras",
  "deepseek",
  "fireworks",
  "githubModels",
  "groq",
  "huggingFace",
  "mistral",
  "moonshot",
  "nvidia",
  "openrouter",
  "perplexity",
  "together",
  "xai",
  "zai",
] as const;
const local = ["llamaCpp", "lmStudio", "sglang", "textGenerationInference", "vllm"] as const;

type Vendor = (typeof compatible)[number] | (typeof local)[number];

/** A provider that a configuration can name. */
export type ProviderName =
  | Vendor
  | "anthropic"
  | "azure"
  | "bedrock"
  | "cohere"
  | "google"
  | "ollama"
  | "openai"
  | "openaiResponses"
  | "vertex";

/** Loaded when it is first named: a gateway in front of one provider loads no other. */
function vendor(name: Vendor): Provider {
  return {
    async chat(id, settings) {
      const vendors = await import("@plugboard/openai/compatible");
      return vendors[name](id, settings);
    },
    async embedding(id, settings) {
      const vendors = await import("@plugboard/openai/compatible");
      return vendors.compatibleEmbedding(vendors[name].dialect)(id, settings);
    },
  };
}

const own: Readonly<Record<Exclude<ProviderName, Vendor>, Provider>> = {
  anthropic: { chat: async (id, settings) => (await import("@plugboard/anthropic")).anthropic(id, settings) },
  azure: {
    chat: async (id, settings) => (await import("@plugboard/openai")).azure(id, settings),
    embedding: async (id, settings) => (await import("@plugboard/openai")).azureEmbedding(id, settings),
  },
  bedrock: { chat: async (id, settings) => (await import("@plugboard/bedrock")).bedrock(id, settings) },
  cohere: { chat: async (id, settings) => (await import("@plugboard/cohere")).cohere(id, settings) },
  google: {
    chat: async (id, settings) => (await import("@plugboard/google")).google(id, settings),
    embedding: async (id, settings) => (await import("@plugboard/google")).googleEmbedding(id, settings),
  },
  ollama: {
    chat: async (id, settings) => (await import("@plugboard/ollama")).ollama(id, settings),
    embedding: async (id, settings) => (await import("@plugboard/ollama")).ollamaEmbedding(id, settings),
    local: true,
  },
  openai: {
    chat: async (id, settings) => (await import("@plugboard/openai")).openai(id, settings),
    embedding: async (id, settings) => (await import("@plugboard/openai")).openaiEmbedding(id, settings),
  },
  openaiResponses: {
    chat: async (id, settings) => (await import("@plugboard/openai/responses")).openaiResponses(id, settings),
  },
  vertex: {
    chat: async (id, { apiKey: token, ...settings }) => {
      const { vertex } = await import("@plugboard/google");
      return vertex(id, { project: "", ...settings, ...(token && { token }) });
    },
    embedding: async (id, { apiKey: token, ...settings }) => {
      const { vertexEmbedding } = await import("@plugboard/google");
      return vertexEmbedding(id, { project: "", ...settings, ...(token && { token }) });
    },
  },
};

/** All providers by their names. */
export const providers: Readonly<Record<ProviderName, Provider>> = {
  ...own,
  ...(Object.fromEntries(compatible.map((name) => [name, vendor(name)])) as Record<
    (typeof compatible)[number],
    Provider
  >),
  ...(Object.fromEntries(local.map((name) => [name, { ...vendor(name), local: true }])) as Record<
    (typeof local)[number],
    Provider
  >),
};

/** Their names, in order. */
export const providerNames: readonly ProviderName[] = (Object.keys(providers) as ProviderName[]).toSorted();
