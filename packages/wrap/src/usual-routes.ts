import { anthropicRoutes } from "@plugboard/anthropic/serve";
import { googleRoutes } from "@plugboard/google/serve";
import { itemShelves, openaiRoutes } from "@plugboard/openai/serve";
import type { Route } from "@plugboard/wire/serve";

/** The protocols of the clients that speak to us; what one of them may refer to is kept with them. */
export function usualRoutes(): readonly Route[] {
  return [...openaiRoutes({ items: itemShelves().of("client") }), ...anthropicRoutes(), ...googleRoutes()];
}
