import type { Attempt, AttemptPlan } from "./attempt.ts";
import type { Call } from "./callable.ts";
import type { ModelEvent } from "./event.ts";
import type { Flow } from "./flow.ts";
import type { ModelRequest } from "./request.ts";
import type { Outcome } from "./reply-source.ts";
import type { ModelResult } from "./result.ts";
import type { Usage } from "./usage.ts";
import { ModelError } from "./error.ts";
import { ModelReply, flowOf } from "./model-reply.ts";

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

const longestTimer = 2 ** 31 - 1;
const isFinish = (event: ModelEvent): boolean => event.type === "finish";

/**
 * One attempt of one adapter. It is told when it starts and completed in place when it ends; its answer is held until it is whole when
 * nobody reads deltas; and it ends at once when it is called off or late, whatever the adapter is waiting for.
 */
export class AttemptRun {
  readonly #plan: AttemptPlan;
  readonly #request: ModelRequest;
  readonly #attempt: Writable<Attempt>;
  /** The adapter's own signal: it also fires when nobody wants the answer any more. */
  readonly #stop = new AbortController();
  #flow: Flow | undefined;
  #reject: ((error: ModelError) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(plan: AttemptPlan, request: ModelRequest) {
    this.#plan = plan;
    this.#request = request;
    this.#attempt = { provider: plan.provider, model: plan.id, started: Date.now(), outcome: "running" };
    request.notify?.({ type: "attempt", attempt: this.#attempt, plan });
  }

  async run(call: Call): Promise<ModelReply> {
    const { signal, deadline } = this.#request;
    try {
      if (signal?.aborted) {
        this.#attempt.unbilled = true; // called off while it was being admitted
        throw this.#calledOff(signal);
      }
      const answer = this.#open(call);
      const reply = await (signal || deadline !== undefined ? this.#orCalledOff(answer) : answer);
      this.#reject = undefined;
      this.#attempt.firstEvent = Date.now();
      // A whole answer that was to be streamed and is never read ends its attempt when it is collected.
      if (this.#request.stream) this.#flow?.watch(reply);
      return reply.onEnd((outcome) => this.#end(outcome));
    } catch (cause) {
      const error = ModelError.from(cause, { code: "unknown", provider: this.#plan.provider, model: this.#plan.id });
      this.#fail(error, error.partial);
      throw error;
    }
  }

  async #open(call: Call): Promise<ModelReply> {
    let reply = await call({ ...this.#request, signal: this.#stop.signal });
    // A reply of another copy of this package is opened once more, so that it can be called off from here.
    if (!flowOf(reply)) reply = await ModelReply.open(reply);
    this.#hold(flowOf(reply));
    if (this.#request.stream || this.#flow?.gathered.finish) return reply;
    const whole = await ModelReply.open(reply, isFinish);
    this.#hold(flowOf(whole));
    return whole;
  }

  #hold(flow: Flow | undefined): void {
    const { notify } = this.#request;
    this.#flow = flow;
    if (flow && notify) flow.onFault = (error) => notify({ type: "fault", error });
  }

  /** The answer, unless the call is called off first; one that comes too late is let go. */
  #orCalledOff(answer: Promise<ModelReply>): Promise<ModelReply> {
    const { signal, deadline } = this.#request;
    // The listener goes when the attempt ends, so a long-lived signal gathers none; `AbortSignal.any` would.
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (deadline !== undefined) {
      const left = Math.min(Math.max(deadline - Date.now(), 0), longestTimer);
      this.#timer = setTimeout(this.#onDeadline, left);
    }
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      answer.then((reply) => (this.#stop.signal.aborted ? reply.cancel() : resolve(reply)), reject);
    });
  }

  readonly #onAbort = (): void => this.#callOff(this.#calledOff(this.#request.signal!));

  readonly #onDeadline = (): void => {
    const { provider, id: model } = this.#plan;
    this.#callOff(new ModelError("The deadline passed.", { code: "timeout", phase: "total", provider, model }));
  };

  #callOff(error: ModelError): void {
    this.#stop.abort(error);
    this.#flow?.abort(error);
    this.#reject?.(error);
  }

  #calledOff(signal: AbortSignal): ModelError {
    return ModelError.calledOff(signal, { provider: this.#plan.provider, model: this.#plan.id });
  }

  #end(outcome: Outcome): void {
    if (outcome.status === "finished") this.#conclude("finished", undefined);
    else if (outcome.status === "failed") this.#fail(outcome.error, outcome.partial);
    else {
      this.#stop.abort();
      this.#conclude("cancelled", outcome.partial);
    }
  }

  #fail(error: ModelError, partial: ModelResult | undefined): void {
    if (!this.#stop.signal.aborted) this.#stop.abort(error);
    this.#attempt.error = error.code;
    if (wasRefused(error)) this.#attempt.unbilled = true;
    this.#conclude(error.code === "aborted" ? "cancelled" : "failed", partial);
  }

  #conclude(outcome: Attempt["outcome"], partial: ModelResult | undefined): void {
    const { signal, notify } = this.#request;
    signal?.removeEventListener("abort", this.#onAbort);
    clearTimeout(this.#timer);
    const attempt = this.#attempt;
    attempt.ended = Date.now();
    attempt.outcome = outcome;
    // What the source said, without putting a result together for it.
    const { usage, model } = partial ?? { usage: this.#flow?.gathered.usage, model: this.#flow?.gathered.start?.model };
    if (usage && hasCounts(usage)) attempt.usage = usage;
    if (model && model !== attempt.model) attempt.answeredBy = model;
    notify?.({ type: "attempt", attempt, plan: this.#plan, ...(partial && { partial }) });
  }
}

function hasCounts(usage: Usage): boolean {
  for (const _ in usage) return true;
  return false;
}

/** Whether the provider cannot have billed it: never connected, or refused. */
function wasRefused({ phase, status }: ModelError): boolean {
  return phase === "connect" || (status !== undefined && status >= 400 && status < 500);
}
