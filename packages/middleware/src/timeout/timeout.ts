import { ModelError, ModelReply, checkOption, isContent } from "@plugboard/core";
import type { AnyMiddleware, Phase } from "@plugboard/core";
import { isReply } from "../is-reply.ts";

/** How long to wait, by phase; what is not given is not bounded here. */
export interface TimeoutOptions {
  /**
   * Milliseconds that each attempt may take, of whichever layer behind this one, until it has an answer to give: streamed, its first
   * content; otherwise all of it. An attempt that runs out of it may be repeated, or sent elsewhere. @default no limit
   */
  readonly attempt?: number;
  /** Milliseconds until the first content of a streamed answer, attempts and waits before it included. @default no limit */
  readonly first?: number;
  /**
   * Milliseconds in which a streamed answer may bring no content (text, thoughts, calls of tools) while someone waits for more; what
   * else it brings, a keep-alive or a count, is silence. @default no limit
   */
  readonly idle?: number;
  /** Milliseconds until the answer is whole; every layer inside sees it as the deadline. @default no limit */
  readonly total?: number;
}

/**
 * Gives up when an answer takes too long, and closes the connection.
 *
 * What it bounds is what it stands in front of: before `retry` in the list, all attempts and the waits between them; after it, each
 * attempt by itself. Only `attempt` is of each attempt wherever it stands. A reader who is slow is not a provider that is silent: the
 * idle clock runs only while one waits.
 *
 * @throws {ModelError} `timeout`, with the `phase`: `first`, `idle` or `total`; of an attempt, `first` where it was streamed, else `total`
 * @example
 * const model = openai("gpt-4o").with(timeout({ total: 60_000, attempt: 20_000, idle: 5_000 }), retry());
 */
export function timeout(options: TimeoutOptions): AnyMiddleware {
  const { attempt = Infinity, first, idle, total = Infinity } = options;
  for (const [name, value] of Object.entries(options)) checkOption(name, value, { least: 1, most: 2 ** 31 - 1 });

  return (model) => async (request) => {
    const streamed = "stream" in request && request.stream === true;
    const watch = startWatch(request.signal);
    if (total < Infinity) watch.set("total", total);
    if (first !== undefined && streamed) watch.set("first", first);
    const deadline = Math.min(request.deadline ?? Infinity, Date.now() + total);
    const attemptTimeout = Math.min(request.attemptTimeout ?? Infinity, attempt);

    try {
      const reply = await watch.over(
        model.call({
          ...request,
          signal: watch.signal,
          ...(deadline < Infinity && { deadline }),
          ...(attemptTimeout < Infinity && { attemptTimeout }),
        }),
      );
      if (!isReply(reply)) {
        watch.end();
        return reply;
      }
      watch.clear("first");
      const watched = idle !== undefined && streamed ? await ModelReply.open(watchedSource(reply, watch, idle)) : reply;
      return watched.onEnd(() => watch.end()) as typeof reply;
    } catch (error) {
      watch.end();
      throw error;
    }
  };
}

/** The clocks of one call, and the signal that fires when one of them runs out or the caller's does. */
interface Watch {
  readonly signal: AbortSignal;
  /** Starts a clock. @param left - of its time, where some of it has gone by */
  set(phase: Phase, delay: number, left?: number): void;
  clear(phase: Phase): void;
  /** The answer, or why there is none in time; one that comes late is let go. */
  over<Reply>(answer: Promise<Reply>): Promise<Reply>;
  /** Stops all clocks, and takes the listener off the caller's signal. */
  end(): void;
}

// Nothing in here holds the reply that the reader has, so that one which is dropped can be collected while a clock runs.
function startWatch(signal: AbortSignal | undefined): Watch {
  const stop = new AbortController();
  const timers = new Map<Phase, NodeJS.Timeout>();
  let reject: ((error: ModelError) => void) | undefined;

  const onAbort = (): void => expire(ModelError.calledOff(signal!));
  if (signal?.aborted) stop.abort(ModelError.calledOff(signal));
  else signal?.addEventListener("abort", onAbort, { once: true });

  function expire(error: ModelError): void {
    end();
    stop.abort(error);
    reject?.(error);
  }
  function end(): void {
    signal?.removeEventListener("abort", onAbort);
    for (const timer of timers.values()) clearTimeout(timer);
    timers.clear();
  }

  return {
    signal: stop.signal,
    set(phase, delay, left = delay) {
      const timer = setTimeout(() => expire(late(phase, delay)), Math.max(0, left));
      timers.set(phase, timer);
    },
    clear(phase) {
      clearTimeout(timers.get(phase));
      timers.delete(phase);
    },
    over<Reply>(answer: Promise<Reply>) {
      return new Promise<Reply>((resolve, fail) => {
        let isLate = false;
        reject = (error) => {
          isLate = true;
          fail(error);
        };
        if (stop.signal.aborted) reject(stop.signal.reason as ModelError);
        const arrive = (reply: Reply): void => {
          reject = undefined;
          if (!isLate) resolve(reply);
          else if (isReply(reply)) reply.cancel();
        };
        answer.then(arrive, fail);
      });
    },
    end,
  };
}

function late(phase: Phase, delay: number): ModelError {
  const what =
    { first: "no first content came", idle: "nothing more came" }[phase as "first" | "idle"] ??
    "the answer was not whole";
  return new ModelError(`After ${delay} ms ${what}.`, { code: "timeout", phase });
}

/** Reads on with the idle clock running: for as long as reads bring no content, each has what those before have left of it. */
function watchedSource(reply: ModelReply, watch: Watch, idle: number): Pick<ModelReply, "pull" | "cancel"> {
  let silent = 0;
  return {
    async pull() {
      const began = performance.now();
      watch.set("idle", idle, idle - silent);
      try {
        const events = await watch.over(reply.pull());
        silent = !events || events.some(isContent) ? 0 : silent + performance.now() - began;
        return events;
      } catch (error) {
        reply.cancel();
        throw error;
      } finally {
        watch.clear("idle");
      }
    },
    cancel() {
      reply.cancel();
    },
  };
}
