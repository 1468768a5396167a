import { ModelError } from "@plugboard/core";
import type { CallOptions, ModelReply, ModelRequest } from "@plugboard/core";
import { BriefMap } from "../brief-map.ts";
import { isChat } from "../is-chat.ts";
import { Flight } from "./flight.ts";
import { WholeFlight } from "./whole-flight.ts";

declare module "@plugboard/core" {
  interface Notices {
    /**
     * The answer was found, was not, was kept, is that of an identical call under way, or its store was not asked, since it has failed
     * several times in a row.
     */
    cache: { readonly step: "hit" | "miss" | "stored" | "shared" | "skipped"; readonly key: string };
  }
}

/** Makes the one call that is shared. `keep` says what the end of the answer waits for; until then, newcomers are still given it. */
export type Open<Request, Reply> = (request: Request, keep: (until: Promise<unknown>) => void) => Promise<Reply>;

/** Joins the call with this key that is under way, or makes it. */
export type Flights<Request, Reply> = (key: string, request: Request, open: Open<Request, Reply>) => Promise<Reply>;

/** A call that is shared. */
interface Shared<Request, Reply> {
  join(request: Request): Promise<Reply>;
}

/** The calls under way, by their key. */
export function flights<Request extends CallOptions, Reply>(): Flights<Request, Reply> {
  const current = new BriefMap<Shared<Request, Reply>>();

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

  function takeOff(key: string, request: Request, open: Open<Request, Reply>): Shared<Request, Reply> {
    const free = (): void => {
      if (current.get(key) === flight) current.delete(key);
    };
    const flight: Shared<Request, Reply> = isChat(request)
      ? // Whoever is asked with messages answers with a reply: a type parameter cannot say that the two belong together.
        (new Flight(open as unknown as Open<ModelRequest, ModelReply>, request, free) as unknown as Shared<
          Request,
          Reply
        >)
      : new WholeFlight(open, request, free);
    current.set(key, flight);
    return flight;
  }
}
