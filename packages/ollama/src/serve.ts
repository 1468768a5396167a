export { chat } from "./chat/serve.ts";
