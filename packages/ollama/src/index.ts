export { ollama } from "./ollama.ts";
export type { OllamaOptions } from "./ollama.ts";
