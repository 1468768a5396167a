import { anthropicRoutes } from "@plugboard/anthropic/serve";
import { googleRoutes } from "@plugboard/google/serve";
import { openaiRoutes } from "@plugboard/openai/serve";
import { routeOf } from "@plugboard/wire/serve";
import type { Route, RouteMatch } from "@plugboard/wire/serve";
import { ownRoutes } from "./own-routes.ts";

/** The routes of each API, and what may stand before them: what its clients have at the end of their base URL. */
const apis: readonly (readonly [bases: readonly string[], routes: () => readonly Route[]])[] = [
  [["/v1", "/openai/v1", ""], openaiRoutes],
  [[""], anthropicRoutes],
  [["/v1beta", "/v1"], googleRoutes],
];

/** The plain letters of paths; of encoded ones, those that names of models need: `/`, `:` and `@`. */
const plainPath = /^(?:\/(?!\.{0,2}(?:\/|$))(?:[\w.:@+-]|%2F|%3A|%40|%2B)+)+$/i;

/**
 * Finds the protocol that is spoken at a path: nothing for one that is written in any other way than its clients write it.
 *
 * @param show - whether clients are told the providers' own sentences
 */
export function routeFinder(show: boolean): (path: string) => RouteMatch | undefined {
  const own = apis.map(([bases, routes]) => ({ bases, routes: ownRoutes(routes(), show) }));
  return (path) => {
    if (!plainPath.test(path)) return undefined;
    for (const { bases, routes } of own) {
      const match = routeOf(routes, path);
      if (match && bases.includes(baseOf(match.route, path))) return match;
    }
    return undefined;
  };
}

function baseOf({ path }: Route, pathname: string): string {
  return pathname.slice(0, path.exec(pathname)?.index ?? 0);
}
