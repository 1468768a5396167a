import { inputTokensProtocol, responsesProtocol } from "@plugboard/openai/serve";
import type { ItemShelves } from "@plugboard/openai/serve";
import type { Route } from "@plugboard/wire/serve";
import type { VirtualKey } from "../keys/virtual-key.ts";
import { ownRoutes } from "./own-routes.ts";

/**
 * Makes routes that one key has to itself, where a protocol lets its clients refer to answers before: nobody reads what another key was
 * answered.
 *
 * @param show - whether clients are told the providers' own sentences
 */
export function keyRoutes(shelves: ItemShelves, show: boolean): (route: Route, key: VirtualKey) => Route {
  const made = new Map<string, Route>();

  function make(route: Route, key: VirtualKey): Route {
    const items = shelves.of(key.name);
    if (route.kind === "chat") return { ...route, protocol: responsesProtocol({ items }) };
    if (route.kind === "count") return { ...route, protocol: inputTokensProtocol(items) };
    return route;
  }

  return (route, key) => {
    const { name } = route.protocol;
    if (name !== "responses" && name !== "responses-input-tokens") return route;
    const id = `${name} ${key.name}`;
    let own = made.get(id);
    if (!own) made.set(id, (own = ownRoutes([make(route, key)], show)[0]!));
    return own;
  };
}
