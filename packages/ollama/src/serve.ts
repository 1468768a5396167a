export { chatProtocol } from "./chat/serve.ts";
export type { ChatProtocolOptions } from "./chat/serve.ts";
export { ollamaRoutes } from "./routes.ts";
