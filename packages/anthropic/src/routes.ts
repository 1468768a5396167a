import type { Route } from "@plugboard/wire/serve";
import { countTokensProtocol } from "./messages/serve-count.ts";
import { messagesProtocol } from "./messages/serve.ts";
import type { MessagesProtocolOptions } from "./messages/serve.ts";

/**
 * Where Anthropic's API is asked what is served here, after its base URL: messages, and their count of input tokens.
 *
 * @example
 * const match = routeOf(anthropicRoutes(), new URL(request.url).pathname);
 */
export function anthropicRoutes(options: MessagesProtocolOptions = {}): readonly Route[] {
  return [
    { kind: "chat", path: /\/v1\/messages$/, protocol: messagesProtocol(options) },
    { kind: "count", path: /\/v1\/messages\/count_tokens$/, protocol: countTokensProtocol() },
  ];
}
