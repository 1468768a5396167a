import type { ChatRoute } from "@plugboard/wire/serve";
import { chatProtocol } from "./chat/serve.ts";

/**
 * Where Cohere's API is asked what is served here, after its base URL: chat.
 *
 * @example
 * const match = routeOf(cohereRoutes(), new URL(request.url).pathname);
 */
export function cohereRoutes(): readonly ChatRoute[] {
  return [{ kind: "chat", path: /\/v2\/chat$/, protocol: chatProtocol() }];
}
