export { chatProtocol } from "./chat/serve.ts";
export { cohereRoutes } from "./routes.ts";
