import type { ChatRoute } from "@plugboard/wire/serve";
import { chatProtocol } from "./chat/serve.ts";
import type { ChatProtocolOptions } from "./chat/serve.ts";

/**
 * Where Ollama's API is asked what is served here: chat.
 *
 * @example
 * const match = routeOf(ollamaRoutes(), new URL(request.url).pathname);
 */
export function ollamaRoutes(options: ChatProtocolOptions = {}): readonly ChatRoute[] {
  return [{ kind: "chat", path: /\/api\/chat$/, protocol: chatProtocol(options) }];
}
