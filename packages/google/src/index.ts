export { google } from "./google.ts";
export type { GoogleOptions } from "./google.ts";
export { googleEmbedding } from "./google-embedding.ts";
export { vertex } from "./vertex.ts";
export type { VertexOptions } from "./vertex.ts";
export { vertexEmbedding } from "./vertex-embedding.ts";
