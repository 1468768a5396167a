/**
 * How many recorded chat answers there were for each provider when this was last looked up (November 2026): said when the folder is
 * not there. Nothing depends on them being right.
 */
export const knownAnswers: Readonly<Record<string, number>> = {
  anthropic: 50,
  azure: 26,
  "azure-responses": 12,
  bedrock: 34,
  cohere: 24,
  deepseek: 20,
  google: 54,
  groq: 19,
  mistral: 26,
  ollama: 11,
  "openai-chat": 46,
  "openai-compatible": 42,
  "openai-responses": 50,
  openrouter: 28,
  xai: 2,
  "xai-responses": 17,
};

/** The same for recorded and documented error responses. */
export const knownFaults: Readonly<Record<string, number>> = {
  anthropic: 10,
  azure: 7,
  bedrock: 9,
  cohere: 8,
  deepseek: 4,
  google: 17,
  groq: 4,
  mistral: 4,
  ollama: 6,
  "openai-chat": 14,
  "openai-compatible": 8,
  "openai-responses": 10,
  openrouter: 5,
  xai: 1,
};

/** The same for recorded embeddings. */
export const knownEmbeddings: Readonly<Record<string, number>> = {
  azure: 1,
  cohere: 2,
  google: 3,
  mistral: 1,
  "openai-chat": 2,
};

/** The sum for some of the providers. */
export function knownCount(known: Readonly<Record<string, number>>, providers: readonly string[]): number {
  return providers.reduce((sum, provider) => sum + (known[provider] ?? 0), 0);
}
