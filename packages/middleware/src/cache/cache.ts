import { ModelError, checkOption } from "@plugboard/core";
import type { AnyMiddleware, CacheStore, Call, Callable, CallOptions, LeaseStore, ModelResult } from "@plugboard/core";
import { memoryCache } from "../memory-cache/memory-cache.ts";
import { flights } from "../single-flight/flights.ts";
import { turns } from "../single-flight/turns.ts";
import type { Turn } from "../single-flight/turns.ts";
import { StoreDoor } from "../store-door.ts";
import type { Answer } from "./cache-entry.ts";
import { isKeepable, keepAnswer } from "./keep-answer.ts";
import { promptKey } from "./prompt-key.ts";
import { replay } from "./replay.ts";
import { Shelf } from "./shelf.ts";

/** Where answers are kept, for how long, and for whom. */
export interface CacheOptions {
  /** Where answers are kept. @default in this process: 10,000 of them, 64 MiB at most */
  readonly store?: CacheStore;
  /** Milliseconds for which an answer is kept. @default 3600000, an hour */
  readonly ttl?: number;
  /**
   * Tags that keep callers apart: with `["tenant"]`, no tenant is given another's answer, and a call without the tag is not cached.
   *
   * @default everyone shares
   */
  readonly scope?: readonly string[];
  /** Keeps answers that ask for tools, too. @default false */
  readonly toolCalls?: boolean;
  /** Tokens a second at which an answer that is kept is streamed. @default all of it at once */
  readonly pace?: number;
  /** Makes one call of identical calls at the same time. @default true */
  readonly singleFlight?: boolean;
  /** Makes one call of identical calls in all processes that share these and the store. @default in this process alone */
  readonly leases?: LeaseStore;
  /** Milliseconds after which, when a process that makes a call for others dies, one of them makes it. @default 10000 */
  readonly lease?: number;
  /** The most milliseconds that a call waits for the answer of another process; then it is made all the same. @default 60000 */
  readonly wait?: number;
  /** Milliseconds that a store of your own may take; without an answer by then the call goes on as if it had none. @default 50 */
  readonly patience?: number;
}

/**
 * Answers a question that has been answered before, at no cost: with the same content, finish and usage, streamed or whole, marked
 * `cached`. The whole question, the model and the scope must be the same. It serves chat, embedding and rerank models.
 *
 * Only answers that came to their end are kept: none that was cut, filtered or refused. A store that fails is passed over with a
 * `fault`; after three failures in a row it is not asked for a second, and then for longer, until it is back.
 *
 * @example
 * const model = openai("gpt-4o").with(cache({ ttl: 60_000, scope: ["tenant"] }));
 * await model.generate({ messages, tags: { tenant: "acme" } });
 * @example
 * const { cache: store, leases } = sqliteStore({ path: "plugboard.db" }); // of all processes on this machine
 * const model = openai("gpt-4o").with(cache({ store, leases }));
 */
export function cache(options: CacheOptions = {}): AnyMiddleware {
  const { ttl = 3_600_000, scope = [], toolCalls = false, pace = Infinity, patience = 50, leases } = options;
  checkOption("ttl", ttl, { least: 1 });
  checkOption("pace", pace, { least: 0.1 });
  const door = new StoreDoor(patience);
  if (leases && !options.store) {
    const message = "`leases` need a `store` that the same processes share; without it no answer would be found.";
    throw new ModelError(message, { code: "invalid-request" });
  }
  // Our own memory keeps nobody waiting.
  const shelf = new Shelf(options.store ?? memoryCache(), ttl, options.store && door);
  const { lease, wait } = options;
  const takeTurn = leases && turns({ leases, door, patience, lease, wait }, true);

  const mayKeep = (result: ModelResult): boolean => isKeepable(result, toolCalls);

  return <Request extends CallOptions, Reply>(model: Callable<Request, Reply>): Call<Request, Reply> => {
    const fly = options.singleFlight === false ? undefined : flights<Request, Reply>();
    return async (request) => {
      const key = keyOf(request);
      if (key === undefined) return model.call(request);
      return fly ? fly(key, request, (request, keep) => ask(key, request, keep)) : ask(key, request);
    };

    function keyOf(request: Request): string | undefined {
      try {
        return promptKey(model.fingerprint, request, scope);
      } catch (error) {
        request.notify?.({ type: "fault", error });
        return undefined;
      }
    }

    async function ask(key: string, request: Request, keep?: (until: Promise<void>) => void): Promise<Reply> {
      const { notify } = request;
      if (shelf.isShut) {
        notify?.({ type: "cache", step: "skipped", key });
        return model.call(request);
      }
      let hit = await shelf.read(key, request);
      let turn: Turn | undefined;
      if (!hit && takeTurn && fly)
        ({ found: hit, turn } = await takeTurn(key, request, () => shelf.read(key, request)));
      notify?.({ type: "cache", step: hit ? "hit" : "miss", key });
      if (hit) return replay({ ...hit, cached: true }, request, pace);

      const write = async (answer: Answer): Promise<void> => {
        if (await shelf.write(key, answer, request)) notify?.({ type: "cache", step: "stored", key });
      };
      if (!turn) return keepAnswer(model.call, request, { mayKeep, write, lose: undefined, keep });
      return keepAnswer(model.call, request, {
        mayKeep,
        write: (answer) => turn.end(() => write(answer)),
        lose: () => void turn.end(),
        keep,
      });
    }
  };
}
