import { anthropicRoutes } from "@plugboard/anthropic/serve";
import { googleRoutes } from "@plugboard/google/serve";
import { openaiRoutes } from "@plugboard/openai/serve";
import { routeOf } from "@plugboard/wire/serve";
import type { Route, RouteMatch } from "@plugboard/wire/serve";
import { ownRoutes } from "./own-routes.ts";

/** What may stand before the path of a provider's API: what clients have at the end of their base URL. */
const bases: ReadonlySet<string> = new Set(["", "/v1", "/v1beta", "/openai/v1"]);

/** The plain letters of paths; of encoded ones, those that names of models need: `/`, `:` and `@`. */
const plainPath = /^(?:\/(?!\.{0,2}(?:\/|$))(?:[\w.:@+-]|%2F|%3A|%40|%2B)+)+$/i;

/**
 * Finds the protocol that is spoken at a path: nothing for one that is written in any other way than its clients write it.
 *
 * @param show - whether clients are told the providers' own sentences
 */
export function routeFinder(show: boolean): (path: string) => RouteMatch | undefined {
  const routes = ownRoutes([...openaiRoutes(), ...anthropicRoutes(), ...googleRoutes()], show);
  return (path) => {
    if (!plainPath.test(path)) return undefined;
    const match = routeOf(routes, path);
    return match && bases.has(baseOf(match.route, path)) ? match : undefined;
  };
}

function baseOf({ path }: Route, pathname: string): string {
  return pathname.slice(0, path.exec(pathname)?.index ?? 0);
}
