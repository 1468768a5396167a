import type { ModelError } from "@plugboard/core";
import type { ServedProtocol } from "@plugboard/wire";
import type { Route } from "@plugboard/wire/serve";
import { ownError } from "./own-error.ts";

/** The same routes, whose clients are told of failures in our words. */
export function ownRoutes(routes: readonly Route[], show: boolean): readonly Route[] {
  const known = new Map<object, object>();

  function own<Protocol extends Pick<ServedProtocol, "writeError">>(protocol: Protocol): Protocol {
    const made = known.get(protocol) as Protocol | undefined;
    if (made) return made;
    const writeError = (error: ModelError): ReturnType<ServedProtocol["writeError"]> =>
      protocol.writeError(ownError(error, show));
    const wrapped = { ...protocol, writeError };
    known.set(protocol, wrapped);
    return wrapped;
  }
  function ownChat(protocol: ServedProtocol): ServedProtocol {
    const wrapped = own(protocol);
    return {
      ...wrapped,
      writer(asked) {
        const { write, fail } = protocol.writer(asked);
        return { write, fail: (error) => fail(ownError(error, show)) };
      },
    };
  }

  return routes.map((route) => {
    switch (route.kind) {
      case "chat":
        return { ...route, protocol: ownChat(route.protocol) };
      case "embedding":
        return { ...route, protocol: own(route.protocol) };
      case "rerank":
        return { ...route, protocol: own(route.protocol) };
      case "count":
        return { ...route, protocol: own(route.protocol) };
    }
  });
}
