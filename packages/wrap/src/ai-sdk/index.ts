export { fromAiSdk } from "./from-ai-sdk.ts";
export type { FromAiSdkOptions } from "./from-ai-sdk.ts";
export { fromAiSdkEmbedding } from "./from-ai-sdk-embedding.ts";
export { toAiSdk } from "./to-ai-sdk.ts";
export type { ToAiSdkOptions } from "./to-ai-sdk.ts";
export { toAiSdkEmbedding } from "./to-ai-sdk-embedding.ts";
