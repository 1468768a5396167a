import type { Written } from "@plugboard/wire";
import type { ChatRoute } from "@plugboard/wire/serve";
import { converseProtocol } from "./converse/serve.ts";

/**
 * Where Bedrock is asked what is served here: Converse, whole and streamed, with the name of the model in the path.
 *
 * @example
 * const match = routeOf(bedrockRoutes(), new URL(request.url).pathname);
 */
export function bedrockRoutes(): readonly ChatRoute<Written>[] {
  return [
    { kind: "chat", path: /\/model\/(?<model>[^/]+)\/converse$/, protocol: converseProtocol() },
    { kind: "chat", path: /\/model\/(?<model>[^/]+)\/converse-stream$/, protocol: converseProtocol({ stream: true }) },
  ];
}
