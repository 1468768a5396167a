export { chatCompletionsProtocol } from "./chat-completions/serve.ts";
export type { ChatCompletionsProtocolOptions } from "./chat-completions/serve.ts";
