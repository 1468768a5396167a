/**
 * The providers that the catalogue knows, by the names that Plugboard's adapters have, each with the name that the source has for it
 * where that is another. Either is found.
 */
export const providers = {
  alibaba: "alibaba",
  "amazon-bedrock": "amazon-bedrock",
  anthropic: "anthropic",
  azure: "azure",
  cerebras: "cerebras",
  cohere: "cohere",
  deepseek: "deepseek",
  fireworks: "fireworks-ai",
  "github-models": "github-models",
  google: "google",
  groq: "groq",
  huggingface: "huggingface",
  mistral: "mistral",
  moonshot: "moonshotai",
  nvidia: "nvidia",
  ollama: "ollama-cloud",
  openai: "openai",
  openrouter: "openrouter",
  perplexity: "perplexity",
  together: "togetherai",
  vertex: "google-vertex",
  "vertex-anthropic": "google-vertex-anthropic",
  xai: "xai",
  zai: "zai",
} as const;

/** Other names for the same provider. */
const others: Readonly<Record<string, string>> = { bedrock: "amazon-bedrock", "azure-openai": "azure" };

/** The catalogue's name for a provider. */
export function canonical(provider: string): string {
  if (Object.hasOwn(providers, provider)) return provider;
  if (Object.hasOwn(others, provider)) return others[provider]!;
  return Object.entries(providers).find(([, source]) => source === provider)?.[0] ?? provider;
}
