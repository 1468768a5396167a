import { abilities, limits, quote } from "@plugboard/catalog";
import { route as routeAt } from "@plugboard/routing";
import type { RouteOptions, RoutedModel } from "@plugboard/routing";

/**
 * Chooses for each request the model that answers it: the cheapest, the quickest or the best that keeps to the bounds. Prices, limits and
 * abilities are the catalogue's, unless others are given.
 *
 * @throws {ModelError} `unsupported` where no model may be asked, with what keeps each from it; otherwise as `fallback`. `invalid-request`
 * for options that cannot be meant
 * @example
 * const models = [openai("gpt-4o"), openai("gpt-4o-mini")];
 * const model = route({ models, minimize: "cost", subjectTo: { quality: 0.95 }, quality: { "gpt-4o": 0.86, "gpt-4o-mini": 0.82 } });
 */
export function route(options: RouteOptions): RoutedModel {
  return routeAt({ limits, abilities, price: quote, ...options });
}
