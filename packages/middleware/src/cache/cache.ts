import { ModelReply, toolCallsOf, checkOption } from "@plugboard/core";
import type { CacheStore, Middleware, ModelRequest, ModelResult } from "@plugboard/core";
import { memoryCache } from "../memory-cache/memory-cache.ts";
import { flights } from "../single-flight/flights.ts";
import { readEntry, writeEntry } from "./cache-entry.ts";
import { promptKey } from "./prompt-key.ts";
import { within } from "./within.ts";

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
  /** Makes one call of identical calls at the same time. @default true */
  readonly singleFlight?: boolean;
  /** Milliseconds that a store of your own may take; without an answer by then the call goes on as if it had none. @default 50 */
  readonly patience?: number;
}

/**
 * Answers a question that has been answered before, at no cost: with the same content, finish and usage, streamed or whole, marked
 * `cached`. The whole prompt, the model and the scope must be the same.
 *
 * Only answers that came to their end are kept: none that was cut, filtered or refused. A store that fails is passed over with a `fault`.
 *
 * @example
 * const model = openai("gpt-4o").with(cache({ ttl: 60_000, scope: ["tenant"] }));
 * await model.generate({ messages, tags: { tenant: "acme" } });
 */
export function cache(options: CacheOptions = {}): Middleware {
  const { store = memoryCache(), ttl = 3_600_000, scope = [], toolCalls = false, patience = 50 } = options;
  checkOption("ttl", ttl, { least: 1 });
  checkOption("patience", patience, { least: 0 });
  // Our own memory does not keep anyone waiting.
  const inTime = options.store
    ? <Value>(work: Promise<Value>) => within(patience, work)
    : <Value>(work: Promise<Value>) => work;

  return (model) => {
    const fly = options.singleFlight === false ? undefined : flights();
    return async (request) => {
      const key = keyOf(request);
      if (key === undefined) return model.call(request);
      return fly ? fly(key, request, (request, keep) => ask(key, request, keep)) : ask(key, request);
    };

    function keyOf(request: ModelRequest): string | undefined {
      try {
        return promptKey(model.fingerprint, request, scope);
      } catch (error) {
        request.notify?.({ type: "fault", error });
        return undefined;
      }
    }

    async function ask(key: string, request: ModelRequest, keep?: (until: Promise<void>) => void): Promise<ModelReply> {
      const { notify } = request;
      const hit = await read(key, request);
      notify?.({ type: "cache", step: hit ? "hit" : "miss", key });
      if (hit) return ModelReply.of({ ...hit, cached: true });

      const reply = await model.call(request);
      return reply.onEnd((outcome) => {
        if (outcome.status !== "finished" || !mayKeep(outcome.result)) return undefined;
        const writing = write(key, outcome.result, request);
        keep?.(writing);
        return writing;
      });
    }
  };

  async function read(key: string, { notify }: ModelRequest): Promise<ModelResult | undefined> {
    try {
      const text = await inTime(store.get(key));
      return text === undefined ? undefined : readEntry(text);
    } catch (error) {
      notify?.({ type: "fault", error });
      return undefined;
    }
  }

  async function write(key: string, result: ModelResult, { notify }: ModelRequest): Promise<void> {
    try {
      await inTime(store.set(key, writeEntry(result), ttl));
      notify?.({ type: "cache", step: "stored", key });
    } catch (error) {
      notify?.({ type: "fault", error });
    }
  }

  function mayKeep(result: ModelResult): boolean {
    const asksForTools = result.finishReason === "tool-calls" || toolCallsOf(result).length > 0;
    return asksForTools
      ? toolCalls && (result.finishReason === "tool-calls" || result.finishReason === "stop")
      : result.finishReason === "stop";
  }
}
