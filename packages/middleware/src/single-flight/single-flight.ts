import type { AnyMiddleware, CacheStore, Call, Callable, CallOptions, LeaseStore, ModelResult } from "@plugboard/core";
import { isKeepable, keepAnswer } from "../cache/keep-answer.ts";
import { promptKey } from "../cache/prompt-key.ts";
import { replay } from "../cache/replay.ts";
import { Shelf } from "../cache/shelf.ts";
import { StoreDoor } from "../store-door.ts";
import { flights } from "./flights.ts";
import { turns } from "./turns.ts";

/** Who may share an answer. */
export interface SingleFlightOptions {
  /** Tags that keep callers apart: with `["tenant"]`, no tenant shares an answer with another. @default everyone shares */
  readonly scope?: readonly string[];
  /** Makes one call of those in several processes, too. @default in this process alone */
  readonly across?: AcrossProcesses;
}

/** By what processes find that they are about to make the same call. */
export interface AcrossProcesses {
  /** Who makes the call, and for whom the others wait. */
  readonly leases: LeaseStore;
  /** Where the answer is handed over; it stays there for five seconds at most. */
  readonly store: CacheStore;
  /** Milliseconds after which, when the process that makes the call dies, another one makes it. @default 10000 */
  readonly lease?: number;
  /** The most milliseconds that a call waits for the answer of another process; then it is made all the same. @default 60000 */
  readonly wait?: number;
  /** Milliseconds that a store may take; without an answer by then the call goes on by itself. @default 50 */
  readonly patience?: number;
}

/** Milliseconds for which an answer lies there to be handed over, at most. */
const longestHandOver = 5000;

/**
 * Makes one call of identical calls at the same time, and gives its answer to all who made them. Each reads at their own pace and
 * leaves when they like; the call is called off when the last one leaves. A failure is shared too, and then forgotten. It serves chat,
 * embedding and rerank models.
 *
 * With `across`, calls in other processes wait, and are given the answer once it is whole. When the call fails or its process dies, one
 * of those who wait makes it.
 *
 * @example
 * const model = openai("gpt-4o").with(singleFlight());
 * const [one, two] = await Promise.all([model.generate("hello"), model.generate("hello")]); // one request
 */
export function singleFlight({ scope = [], across }: SingleFlightOptions = {}): AnyMiddleware {
  const shared = across && sharing(across);

  return <Request extends CallOptions, Reply>(model: Callable<Request, Reply>): Call<Request, Reply> => {
    const fly = flights<Request, Reply>();
    return async (request) => {
      const key = promptKey(model.fingerprint, request, scope);
      if (key === undefined) return model.call(request);
      return fly(
        key,
        request,
        shared ? (request, keep) => shared(model.call, key, request, keep) : (request) => model.call(request),
      );
    };
  };
}

type Sharing = <Request extends CallOptions, Reply>(
  call: Call<Request, Reply>,
  key: string,
  request: Request,
  keep: (until: Promise<unknown>) => void,
) => Promise<Reply>;

/** Makes the call when no other process makes it, or waits for that one's answer. */
function sharing({ leases, store, lease = 10_000, wait, patience = 50 }: AcrossProcesses): Sharing {
  const door = new StoreDoor(patience);
  const takeTurn = turns({ leases, door, patience, lease, wait }, false);
  const shelf = new Shelf(store, Math.min(longestHandOver, lease / 2), door);

  return async (call, key, request, keep) => {
    const name = `${key}:flight`; // not where a cache would look for it
    const { found, turn } = await takeTurn(name, request, () => shelf.read(name, request));
    if (found) return replay(found, request);
    if (!turn) return call(request);
    return keepAnswer(call, request, {
      mayKeep: isForOthers,
      write: (answer) => turn.end(async () => void (await shelf.write(name, answer, request))),
      // Whoever is next must not find the answer to a call before this one.
      lose: () => void turn.end(() => shelf.remove(name, request)),
      keep,
    });
  };
}

/** Whoever waits asked the same, tools and all. */
function isForOthers(result: ModelResult): boolean {
  return isKeepable(result, true);
}
