export { generateContentProtocol } from "./generate-content/serve.ts";
export type { GenerateContentProtocolOptions } from "./generate-content/serve.ts";
