export { ollama, ollamaEmbedding } from "./ollama.ts";
export type { OllamaOptions } from "./ollama.ts";
