export { google } from "./google.ts";
export type { GoogleOptions } from "./google.ts";
export { vertex } from "./vertex.ts";
export type { VertexOptions } from "./vertex.ts";
