export { azure } from "./azure.ts";
export type { ChatOptions } from "./compatible/compatible.ts";
export { openai } from "./openai.ts";
export type { OpenAIOptions } from "./openai.ts";
export type { AzureOptions } from "./shared/azure-address.ts";
