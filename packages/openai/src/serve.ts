export { chatCompletionsProtocol } from "./chat-completions/serve.ts";
export type { ChatCompletionsProtocolOptions } from "./chat-completions/serve.ts";
export { responsesProtocol } from "./responses/serve.ts";
export type { ResponsesProtocolOptions } from "./responses/serve.ts";
