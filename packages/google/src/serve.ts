export { embedContentProtocol } from "./embeddings/serve.ts";
export type { EmbedContentProtocolOptions } from "./embeddings/serve.ts";
export { countTokensProtocol } from "./generate-content/serve-count.ts";
export { generateContentProtocol } from "./generate-content/serve.ts";
export type { GenerateContentProtocolOptions } from "./generate-content/serve.ts";
export { googleRoutes } from "./routes.ts";
