import { ModelError } from "@plugboard/core";
import type { CallOptions, EmbeddingModel, Json, Model, RerankModel } from "@plugboard/core";
import type { ServedRequest } from "../served-protocol.ts";
import { countWith } from "./count-with.ts";
import type { RouteMatch } from "./route.ts";
import { serveCall } from "./serve-call.ts";
import { serveWhole } from "./serve-whole.ts";
import type { ServedAnswer } from "./served-answer.ts";

/**
 * Who answers, by the name in a request. What is left out is not offered.
 *
 * Each throws `not-found` for a name that means nothing, and `permission` for one that the client may not use.
 */
export interface ServedModels {
  /** Also counts tokens, where its provider does. */
  readonly chat?: (name: string, asked: ServedRequest) => Model;
  /** Makes vectors of texts. */
  readonly embedding?: (name: string) => EmbeddingModel;
  /** Ranks documents. */
  readonly rerank?: (name: string) => RerankModel;
}

/** One request of a client at one of the routes. */
export interface RouteCall extends RouteMatch {
  /** The client's body, parsed. */
  readonly body: Json;
  readonly models: ServedModels;
  /** Circumstances of this call: tags, a signal that fires when the client goes away, who is told of what happens. */
  readonly options?: CallOptions;
}

/**
 * Answers one request at a route with whichever kind of model it asks for. It never rejects.
 *
 * @example
 * const match = routeOf(openaiRoutes(), new URL(request.url).pathname);
 * if (match) return toResponse(await serveRoute({ ...match, body: await request.json(), models: { chat: () => model } }));
 */
export function serveRoute({ route, named, body: sent, models, options = {} }: RouteCall): Promise<ServedAnswer> {
  const body = named(sent);
  const { chat = missing("chat"), embedding = missing("embedding"), rerank = missing("rerank") } = models;
  switch (route.kind) {
    case "chat":
      return serveCall({ protocol: route.protocol, body, pick: chat, options });
    case "embedding": {
      const { protocol } = route;
      return serveWhole({ protocol, body, options, pick: (name) => (request) => embedding(name).embed(request) });
    }
    case "rerank": {
      const { protocol } = route;
      return serveWhole({ protocol, body, options, pick: (name) => (request) => rerank(name).rerank(request) });
    }
    default: {
      const { protocol } = route; // counts
      return serveWhole({ protocol, body, options, pick: (name, asked) => countWith(chat(name, asked)) });
    }
  }
}

function missing(kind: string): (name: string) => never {
  return (name) => {
    throw new ModelError(`There is no ${kind} model here, and so none called \`${name.slice(0, 80)}\`.`, {
      code: "not-found",
    });
  };
}
