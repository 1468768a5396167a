export type { CreateProvider, TestProviderOptions } from "./sample-faults.ts";
export { testEmbeddingProvider } from "./test-embedding-provider.ts";
export type { CreateEmbeddingProvider } from "./test-embedding-provider.ts";
export { testProvider } from "./test-provider.ts";
