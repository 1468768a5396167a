import { ModelError } from "@plugboard/core";
import type { ModelReply, ModelRequest } from "@plugboard/core";
import { BriefMap } from "../brief-map.ts";
import { Flight } from "./flight.ts";
import type { Open } from "./flight.ts";

declare module "@plugboard/core" {
  interface Notices {
    /** The answer was found, was not, was kept, or is that of an identical call under way. */
    cache: { readonly step: "hit" | "miss" | "stored" | "shared"; readonly key: string };
  }
}

/** Joins the call with this key that is under way, or makes it. */
export type Flights = (key: string, request: ModelRequest, open: Open) => Promise<ModelReply>;

/** The calls under way, by their key. */
export function flights(): Flights {
  const current = new BriefMap<Flight>();

  return async (key, request, open) => {
    for (;;) {
      if (request.signal?.aborted) throw ModelError.calledOff(request.signal);
      const known = current.get(key);
      if (!known) return takeOff(key, request, open).join(request);

      request.notify?.({ type: "cache", step: "shared", key });
      try {
        return await known.join(request);
      } catch (error) {
        // A budget that is spent is that of whoever made the call; another caller may have one left.
        if (!(error instanceof ModelError) || error.code !== "budget") throw error;
      }
    }
  };

  function takeOff(key: string, request: ModelRequest, open: Open): Flight {
    const flight = new Flight(open, request, () => {
      if (current.get(key) === flight) current.delete(key);
    });
    current.set(key, flight);
    return flight;
  }
}
