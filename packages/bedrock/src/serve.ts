export { converseProtocol } from "./converse/serve.ts";
export type { ConverseProtocolOptions } from "./converse/serve.ts";
export { bedrockRoutes } from "./routes.ts";
