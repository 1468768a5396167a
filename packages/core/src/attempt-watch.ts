import type { Attempt, AttemptPlan } from "./attempt.ts";
import type { CallOptions } from "./request.ts";
import type { ModelResult } from "./result.ts";
import type { Usage } from "./usage.ts";
import { ModelError } from "./error.ts";

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** What the provider said of an attempt, as far as it came. */
export interface Said {
  readonly usage?: Usage | undefined;
  readonly model?: string | undefined;
  /** What there is of an answer that did not finish. */
  readonly partial?: ModelResult | undefined;
  /** What was written of a tool call that is not whole. */
  readonly half?: string | undefined;
}

/** Whose attempt it is. */
export interface AttemptOwner {
  /** Told why the attempt is called off, before whoever waits for it. */
  calledOff(error: ModelError): void;
  /** What the source had said when it failed. */
  said(error: ModelError): Said;
}

const longestTimer = 2 ** 31 - 1;

/**
 * Watches over one attempt of one adapter, whatever kind of answer it gives: tells it when it starts, completes it in place when it
 * ends, and ends it at once when it is called off or late, whatever the adapter is waiting for.
 */
export class AttemptWatch {
  /** Whose signal the adapter is given: it also fires when nobody wants the answer any more. The adapter may abort it, too. */
  readonly controller: AbortController = new AbortController();
  readonly #plan: AttemptPlan;
  readonly #options: CallOptions;
  readonly #owner: AttemptOwner | undefined;
  readonly #attempt: Writable<Attempt>;
  /** Of who waits for an answer; none once there is one, or the attempt was called off. */
  #reject: ((error: ModelError) => void) | undefined;
  /** Made only where there is a signal to listen to, as are those of the timers. */
  #onAbort: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Runs until there is an answer to give. */
  #attemptTimer: NodeJS.Timeout | undefined;

  constructor(plan: AttemptPlan, options: CallOptions, owner?: AttemptOwner) {
    this.#plan = plan;
    this.#options = options;
    this.#owner = owner;
    this.#attempt = { provider: plan.provider, model: plan.id, started: Date.now(), outcome: "running" };
    options.notify?.({ type: "attempt", attempt: this.#attempt, plan });
  }

  /** @throws {ModelError} why it was called off while it was being admitted */
  begin(): void {
    const { signal } = this.#options;
    if (!signal?.aborted) return;
    this.#attempt.unbilled = true;
    throw this.#calledOff(signal);
  }

  /** The answer, unless the attempt is called off first; one that comes too late is let go. */
  over<Answer>(answer: Promise<Answer>, letGo?: (answer: Answer) => void): Promise<Answer> {
    const { signal, deadline, attemptTimeout } = this.#options;
    if (!signal && deadline === undefined && attemptTimeout === undefined) return answer;
    this.#listen();
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      answer.then((value) => (this.#reject ? resolve(value) : letGo?.(value)), reject);
    });
  }

  /** Apart from `over`: what is made there would hold the answer, and no reply that is dropped would be collected. */
  #listen(): void {
    const { signal, deadline, attemptTimeout } = this.#options;
    // The listener goes when the attempt ends, so a long-lived signal gathers none; `AbortSignal.any` would.
    if (signal) {
      this.#onAbort = () => this.#callOff(this.#calledOff(signal));
      signal.addEventListener("abort", this.#onAbort, { once: true });
    }
    if (deadline !== undefined) {
      const left = Math.min(Math.max(deadline - Date.now(), 0), longestTimer);
      this.#timer = setTimeout(() => this.#passDeadline(), left);
    }
    if (attemptTimeout !== undefined) {
      this.#attemptTimer = setTimeout(() => this.#timeOut(), Math.min(attemptTimeout, longestTimer));
    }
  }

  /** The first content came; of an answer read whole, all of it. */
  arrived(): void {
    this.#reject = undefined;
    clearTimeout(this.#attemptTimer);
    this.#attempt.firstEvent = Date.now();
  }

  finish(said: Said): void {
    this.#conclude("finished", said);
  }

  /** Nobody wants the answer any more. */
  cancel(said: Said): void {
    this.controller.abort();
    this.#conclude("cancelled", said);
  }

  /** Ends the attempt with what was thrown, as an error of ours. */
  fail(cause: unknown): ModelError {
    const { provider, id: model } = this.#plan;
    const error = ModelError.from(cause, { code: "unknown", provider, model });
    this.controller.abort(error);
    this.#attempt.error = error.code;
    if (wasRefused(error)) this.#attempt.unbilled = true;
    this.#conclude(
      error.code === "aborted" ? "cancelled" : "failed",
      this.#owner ? this.#owner.said(error) : saidIn(error.partial),
    );
    return error;
  }

  #passDeadline(): void {
    const { provider, id: model } = this.#plan;
    this.#callOff(new ModelError("The deadline passed.", { code: "timeout", phase: "total", provider, model }));
  }

  #timeOut(): void {
    const { provider, id: model, request } = this.#plan;
    const [phase, what] = request.stream ? (["first", "no first content"] as const) : (["total", "no answer"] as const);
    const message = `After ${this.#options.attemptTimeout} ms the attempt had ${what}.`;
    this.#callOff(new ModelError(message, { code: "timeout", phase, provider, model }));
  }

  #callOff(error: ModelError): void {
    this.controller.abort(error);
    this.#owner?.calledOff(error);
    this.#reject?.(error);
    this.#reject = undefined;
  }

  #calledOff(signal: AbortSignal): ModelError {
    return ModelError.calledOff(signal, { provider: this.#plan.provider, model: this.#plan.id });
  }

  #conclude(outcome: Attempt["outcome"], { usage, model, partial, half }: Said): void {
    const { signal, notify } = this.#options;
    if (this.#onAbort) signal!.removeEventListener("abort", this.#onAbort);
    clearTimeout(this.#timer);
    clearTimeout(this.#attemptTimer);
    const attempt = this.#attempt;
    attempt.ended = Date.now();
    attempt.outcome = outcome;
    if (usage && hasCounts(usage)) attempt.usage = usage;
    if (model && model !== attempt.model) attempt.answeredBy = model;
    notify?.({ type: "attempt", attempt, plan: this.#plan, ...(partial && { partial }), ...(half && { half }) });
  }
}

/** What a part of an answer says of the attempt. */
function saidIn(partial: ModelResult | undefined): Said {
  return { usage: partial?.usage, model: partial?.model, partial };
}

function hasCounts(usage: Usage): boolean {
  for (const _ in usage) return true;
  return false;
}

/** Whether the provider cannot have billed it: never connected, or refused. */
function wasRefused({ phase, status }: ModelError): boolean {
  return phase === "connect" || (status !== undefined && status >= 400 && status < 500);
}
