export { chatProtocol } from "./chat/serve.ts";
