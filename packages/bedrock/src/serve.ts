export { converseProtocol } from "./converse/serve.ts";
export type { ConverseProtocolOptions } from "./converse/serve.ts";
