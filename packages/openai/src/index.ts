export { azure } from "./azure.ts";
export { azureEmbedding } from "./azure-embedding.ts";
export type { ChatOptions } from "./compatible/compatible.ts";
export { openai } from "./openai.ts";
export type { OpenAIOptions } from "./openai-account.ts";
export { openaiEmbedding } from "./openai-embedding.ts";
export type { AzureOptions } from "./shared/azure-address.ts";
