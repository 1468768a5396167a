export { messagesProtocol } from "./messages/serve.ts";
export type { MessagesProtocolOptions } from "./messages/serve.ts";
