export { countTokensProtocol } from "./messages/serve-count.ts";
export { messagesProtocol } from "./messages/serve.ts";
export type { MessagesProtocolOptions } from "./messages/serve.ts";
export { anthropicRoutes } from "./routes.ts";
