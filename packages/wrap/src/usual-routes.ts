import { anthropicRoutes } from "@plugboard/anthropic/serve";
import { googleRoutes } from "@plugboard/google/serve";
import { openaiRoutes } from "@plugboard/openai/serve";
import type { Route } from "@plugboard/wire/serve";

/** The protocols of the clients that speak to us. */
export function usualRoutes(): readonly Route[] {
  return [...openaiRoutes(), ...anthropicRoutes(), ...googleRoutes()];
}
