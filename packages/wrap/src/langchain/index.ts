export type { ChatOptions, ChatSettings } from "./chat.ts";
export { fromLangChainEmbeddings, toLangChainEmbeddings } from "./embeddings.ts";
export type { FromLangChainEmbeddingsOptions } from "./embeddings.ts";
export { fromLangChain } from "./from-lang-chain.ts";
export type { FromLangChainOptions } from "./from-lang-chain.ts";
export { toLangChain } from "./to-lang-chain.ts";
export type { LangChainModel, ToLangChainOptions } from "./to-lang-chain.ts";
