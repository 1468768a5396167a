import type { CallOptions, Json } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { errorAnswer, routeOf, serveRoute, toResponse } from "@plugboard/wire/serve";
import type { Route, RouteMatch, ServedAnswer, ServedModels } from "@plugboard/wire/serve";
import { clientRequest } from "./client-request.ts";
import type { ClientRequest, FetchCall } from "./client-request.ts";

/** One request of a client that leads to a route, read. */
export interface Asked extends RouteMatch {
  readonly request: ClientRequest;
  readonly body: Json;
}

/** Who answers a request, and under which circumstances. */
export interface Serving {
  /** In place of the one that the path leads to. */
  readonly route?: Route;
  readonly models: ServedModels;
  readonly options: CallOptions;
}

/** How a `fetch` for clients answers. */
export interface ClientFetch {
  readonly routes: readonly Route[];
  /** Who answers; `undefined` for a request that is to go elsewhere. */
  readonly serve: (asked: Asked) => Serving | undefined;
  /** Gets what is not served here, as it came. @default nobody: it is not found */
  readonly elsewhere: typeof globalThis.fetch | undefined;
}

/** Makes a `fetch` whose requests are answered here. It rejects as `fetch` does when the client calls a request off. */
export function clientFetch({ routes, serve, elsewhere }: ClientFetch): typeof globalThis.fetch {
  async function answer(request: ClientRequest, match: RouteMatch): Promise<ServedAnswer | undefined> {
    let body: Json;
    try {
      body = await request.json();
    } catch (error) {
      return errorAnswer(error, match.route.protocol);
    }
    const serving = serve({ ...match, request, body });
    return serving && serveRoute({ ...match, body, ...serving });
  }

  return async (...call: FetchCall) => {
    const request = clientRequest(call);
    const { signal, method } = request;
    signal?.throwIfAborted();
    const match = method.toUpperCase() === "POST" ? routeOf(routes, request.url.pathname) : undefined;
    const answered = match && (await answer(request, match));
    signal?.throwIfAborted();
    if (answered) return toResponse(answered, signal);
    return elsewhere ? elsewhere(...call) : toResponse(notServed(request, routes));
  };
}

/** Headers that only the clients of one provider send, and a protocol in whose form its errors are. */
const senders = [
  ["anthropic-version", "messages"],
  ["x-goog-api-client", "generate-content"],
] as const;

function notServed({ method, url, headers }: ClientRequest, routes: readonly Route[]): ServedAnswer {
  const message = `${method} ${url.pathname} is not served here; \`elsewhere\` can be given for it.`;
  const spoken = senders.find(([header]) => headers.has(header))?.[1];
  const route = routes.find(({ protocol }) => protocol.name === spoken) ?? routes[0];
  return errorAnswer(new ModelError(message, { code: "not-found" }), route?.protocol ?? plain);
}

/** Without any route there is no form to follow. */
const plain: Parameters<typeof errorAnswer>[1] = {
  writeError: ({ message }) => ({ status: 404, headers: {}, body: { error: { message } } }),
};
