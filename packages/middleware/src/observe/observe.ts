import { EventEmitter } from "eventemitter3";
import { ModelError } from "@plugboard/core";
import type { AnyMiddleware, ModelResult, Notice, Notices } from "@plugboard/core";
import { isReply } from "../is-reply.ts";

/** What a call is known by in its events. */
export interface ObservedCall {
  readonly provider: string;
  readonly id: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly started: number;
}

/** How a call ended: `answered` is of models that give no chat reply. */
export type ObservedEnd =
  | { readonly status: "finished"; readonly result: ModelResult }
  | { readonly status: "failed"; readonly error: ModelError; readonly partial?: ModelResult | undefined }
  | { readonly status: "cancelled"; readonly partial: ModelResult }
  | { readonly status: "answered" };

/** The events: a call began, a call ended, and between them each of the notices by its type. */
export type Observations = {
  readonly [Type in keyof Notices]: (notice: Extract<Notice, { readonly type: Type }>, call: ObservedCall) => void;
} & {
  /** A call began. */
  readonly start: (call: ObservedCall) => void;
  /** A call ended, in whichever way. */
  readonly end: (end: ObservedEnd, call: ObservedCall) => void;
};

/** Where to listen. */
export type Observer = EventEmitter<Observations>;

/**
 * Tells what happens to calls, as typed events: `start`, `end`, and every kind of notice (`attempt`, `retry`, `cache`, …).
 *
 * Calls that nobody listens to are passed on untouched, and what is told is told once a call, never once a token. A listener that
 * throws is reported as a `fault`, and the call goes on.
 *
 * @example
 * const watch = observe();
 * watch.events.on("retry", ({ attempt, delay }) => console.log(`attempt ${attempt} follows in ${delay} ms`));
 * const model = openai("gpt-4o").with(watch, retry());
 */
export function observe(events: Observer = new EventEmitter()): AnyMiddleware & { readonly events: Observer } {
  const layer: AnyMiddleware = (model) => async (request) => {
    if (events.eventNames().length === 0) return model.call(request);

    const { tags, notify } = request;
    const call: ObservedCall = { provider: model.provider, id: model.id, started: Date.now(), ...(tags && { tags }) };

    function tell(...event: Parameters<typeof emit>): void {
      if (events.listenerCount(event[0]) === 0) return;
      try {
        emit(...event);
      } catch (error) {
        notify?.({ type: "fault", error });
      }
    }
    function onNotice(notice: Notice): void {
      tell(notice.type, notice, call);
      notify?.(notice);
    }

    tell("start", call);
    try {
      const reply = await model.call({ ...request, notify: onNotice });
      if (events.listenerCount("end") === 0) return reply;
      if (isReply(reply)) reply.onEnd((outcome) => tell("end", outcome, call));
      else tell("end", { status: "answered" }, call);
      return reply;
    } catch (cause) {
      const error = ModelError.from(cause);
      tell("end", { status: "failed", error, partial: error.partial }, call);
      throw error;
    }
  };

  // The type of a notice and the notice belong together; the emitter's own types cannot say so of a union.
  const emit = events.emit.bind(events) as (type: keyof Observations, ...values: readonly unknown[]) => boolean;
  return Object.assign(layer, { events });
}
