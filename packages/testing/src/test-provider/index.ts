export type { CreateProvider, TestProviderOptions } from "./sample-faults.ts";
export { testEmbeddingProvider } from "./test-embedding-provider.ts";
export type { CreateEmbeddingProvider } from "./test-embedding-provider.ts";
export { testFeatures } from "./test-features.ts";
export type { MutationOptions } from "./mutation-faults.ts";
export { testMutations } from "./test-mutations.ts";
export { testProvider } from "./test-provider.ts";
export { testRerankProvider } from "./test-rerank-provider.ts";
export type { CreateRerankProvider } from "./test-rerank-provider.ts";
