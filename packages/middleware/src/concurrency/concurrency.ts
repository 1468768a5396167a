import { ModelError, checkOption } from "@plugboard/core";
import type { AnyMiddleware, CallOptions } from "@plugboard/core";
import { isReply } from "../is-reply.ts";
import { Slots } from "../slots.ts";
import type { Turned } from "../slots.ts";

declare module "@plugboard/core" {
  interface Notices {
    /** A call waits for its turn, has its turn after having waited so many milliseconds, or was turned away. */
    limit: {
      readonly step: "waiting" | "admitted" | "refused";
      /** Which kind of limit. */
      readonly by: "concurrency" | "rate";
      /** Milliseconds: how long it has waited. */
      readonly waited: number;
    };
  }
}

/** How many at once, and who waits. */
export interface ConcurrencyOptions {
  /** How many calls may be under way at once. */
  readonly limit: number;
  /** How many may wait; those that find the queue full are turned away at once. @default 1000 */
  readonly queue?: number;
  /** The most milliseconds that a call waits. @default as long as its deadline and its signal let it */
  readonly wait?: number;
  /** Who goes first when several wait: the higher number, of equal ones the call that came first. @default all are equal */
  readonly priority?: (request: CallOptions) => number;
}

/**
 * Lets so many calls through at once; the others wait in a queue, and leave it at once when they are called off.
 *
 * A call is under way until its answer has ended: one that is streamed and not read on, or not let go, keeps its slot. One value in
 * front of several models is one limit for all of them together. When the queue is full, a call of higher priority takes the place of
 * the last one in it.
 *
 * @throws {ModelError} `rate-limit`, without a status, when the queue is full or the time to wait is over. It is not `overloaded`,
 * which would say that the provider is: a circuit breaker does not count it.
 * @example
 * const limit = concurrency({ limit: 8, priority: ({ tags }) => (tags?.["kind"] === "interactive" ? 1 : 0) });
 * const model = openai("gpt-4o").with(limit);
 */
export function concurrency({
  limit,
  queue = 1000,
  wait = Infinity,
  priority = () => 0,
}: ConcurrencyOptions): AnyMiddleware {
  checkOption("limit", limit, { least: 1, whole: true });
  checkOption("queue", queue, { least: 0, whole: true });
  checkOption("wait", wait, { least: 0 });
  const slots = new Slots(limit, queue);

  async function waitForTurn(request: CallOptions): Promise<void> {
    const { notify, signal, deadline } = request;
    const began = performance.now();
    notify?.({ type: "limit", step: "waiting", by: "concurrency", waited: 0 });
    const turned = await slots.wait({ priority: priorityOf(request), patience: wait, signal, deadline });
    const waited = Math.round(performance.now() - began);
    notify?.({ type: "limit", step: turned ? "refused" : "admitted", by: "concurrency", waited });
    if (turned) throw refusal(turned, waited);
  }

  function priorityOf(request: CallOptions): number {
    try {
      const value: unknown = priority(request);
      if (typeof value === "number" && !Number.isNaN(value)) return value;
      throw new ModelError(`\`priority\` must give a number; it gave ${String(value)}.`, { code: "invalid-request" });
    } catch (error) {
      request.notify?.({ type: "fault", error });
      return 0;
    }
  }

  function refusal(turned: Turned, waited: number): ModelError {
    const why = turned === "full" ? `${queue} more wait already` : `none of them ended within ${waited} ms`;
    return new ModelError(`${limit} calls at once are under way, and ${why}.`, { code: "rate-limit" });
  }

  return (model) => async (request) => {
    if (!slots.enter()) await waitForTurn(request);
    try {
      const reply = await model.call(request);
      if (isReply(reply)) reply.onEnd(() => slots.leave());
      else slots.leave();
      return reply;
    } catch (error) {
      slots.leave();
      throw error;
    }
  };
}
