import type {
  EmbeddingRequest,
  EmbeddingResult,
  Json,
  JsonObject,
  ModelRequest,
  RerankRequest,
  RerankResult,
  TokenCount,
} from "@plugboard/core";
import type { ServedProtocol, Written } from "../served-protocol.ts";
import type { ServedWhole } from "./served-whole.ts";

/** Where a path of a provider's API stands, and what is asked for there. All of them are asked with POST. */
export type Route = ChatRoute | EmbeddingRoute | RerankRoute | CountRoute;

interface Place {
  /**
   * Matched against the path, of which the beginning is the base URL's business. A group named `model` names the model, for protocols
   * that have it in the path.
   */
  readonly path: RegExp;
}

/** Where a chat model is asked: whole, or as a stream. */
export interface ChatRoute<Frames extends Written = string> extends Place {
  readonly kind: "chat";
  readonly protocol: ServedProtocol<Frames>;
}

/** Where texts are embedded. */
export interface EmbeddingRoute extends Place {
  readonly kind: "embedding";
  readonly protocol: ServedWhole<EmbeddingRequest, EmbeddingResult>;
}

/** Where documents are ranked. */
export interface RerankRoute extends Place {
  readonly kind: "rerank";
  readonly protocol: ServedWhole<RerankRequest, RerankResult>;
}

/** Where the input tokens of a question to a chat model are counted. */
export interface CountRoute extends Place {
  readonly kind: "count";
  readonly protocol: ServedWhole<ModelRequest, TokenCount>;
}

/** A route that a path leads to. */
export interface RouteMatch<Found extends Place = Route> {
  readonly route: Found;
  /** Puts the model that the path names into a body. */
  readonly named: (body: Json) => Json;
}

/**
 * The first route that a path leads to; `undefined` for a path that is none of them.
 *
 * @param pathname - as it stands in the URL, without the query
 * @example
 * const match = routeOf([...openaiRoutes(), ...anthropicRoutes()], "/v1/messages");
 * if (match) return serveRoute({ ...match, body, models: { chat: () => model } });
 */
export function routeOf<Found extends Place>(
  routes: readonly Found[],
  pathname: string,
): RouteMatch<Found> | undefined {
  for (const route of routes) {
    const match = route.path.exec(pathname);
    if (!match) continue;
    const model = decoded(match.groups?.["model"]);
    if (model === null) return undefined;
    return { route, named: (body) => (model === undefined || !isObject(body) ? body : { ...body, model }) };
  }
  return undefined;
}

/** `null` for what is no encoding of anything. */
function decoded(segment: string | undefined): string | undefined | null {
  try {
    return segment === undefined ? undefined : decodeURIComponent(segment);
  } catch {
    return null;
  }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
