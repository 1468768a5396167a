import { ModelError, ModelReply } from "@plugboard/core";
import type { ModelEvent, ModelRequest, Notice, ReplySource } from "@plugboard/core";

/** Makes the one call that a flight shares. `keep` says how long, after the answer has ended, newcomers are still given it. */
export type Open = (request: ModelRequest, keep: (until: Promise<unknown>) => void) => Promise<ModelReply>;

type Give = Parameters<NonNullable<ReplySource["take"]>>[0];
type Refuse = Parameters<NonNullable<ReplySource["take"]>>[1];

/** Someone aboard: how far they have read, and what they wait for. */
interface Passenger {
  readonly request: ModelRequest;
  at: number;
  resolve: Give | undefined;
  reject: Refuse | undefined;
  /** Why they are no longer aboard. */
  gone: ModelError | undefined;
  leave: () => void;
}

const isFinish = (event: ModelEvent): boolean => event.type === "finish";

/**
 * One call upstream and the callers who share its answer, each at their own pace. Whoever is ahead reads on; the rest read what was
 * kept. The call is nobody's in particular: it is called off when the last one leaves.
 */
export class Flight {
  readonly #leader: ModelRequest;
  readonly #free: () => void;
  readonly #stop = new AbortController();
  readonly #aboard = new Set<Passenger>();
  readonly #kept: (readonly ModelEvent[])[] = [];
  /** Attempts that may still be running, so that whoever pays for them next can be told. */
  readonly #attempts: Extract<Notice, { type: "attempt" }>[] = [];
  /** Is told of the attempts once the leader has left. */
  #heir: Passenger | undefined;
  #reply: ModelReply | undefined;
  #pulling = false;
  /** Upstream has said all it will; what was kept may still be read. */
  #ended = false;
  #closed = false;
  #failure: ModelError | undefined;

  /** `free` is called when newcomers must make a call of their own. */
  constructor(open: Open, leader: ModelRequest, free: () => void) {
    this.#leader = leader;
    this.#free = free;
    const { deadline: _, ...request } = leader;
    let kept: Promise<unknown> | undefined;
    const keep = (until: Promise<unknown>): void => {
      kept = until;
    };
    open({ ...request, signal: this.#stop.signal, notify: this.#notify }, keep).then(
      (reply) => this.#begun(reply, () => kept),
      (error: unknown) => this.#broke(error),
    );
  }

  #begun(reply: ModelReply, kept: () => Promise<unknown> | undefined): void {
    this.#reply = reply;
    if (this.#stop.signal.aborted) return reply.cancel();
    reply.onEnd(() => {
      this.#ended = true;
      const until = kept();
      if (until) until.then(this.#free, this.#free);
      else this.#free();
    });
    this.#pull();
  }

  /** Settles as the call itself would: at the first content, or for those who read no deltas when the answer is whole. */
  async join(request: ModelRequest): Promise<ModelReply> {
    const passenger = this.#board(request);
    const source: ReplySource = {
      pull: () => new Promise((resolve, reject) => this.#read(passenger, resolve, reject)),
      take: (resolve, reject) => this.#read(passenger, resolve, reject),
      cancel: passenger.leave,
    };
    return request.stream ? ModelReply.open(source) : ModelReply.open(source, isFinish);
  }

  #board(request: ModelRequest): Passenger {
    const { signal, deadline } = request;
    const passenger: Passenger = { request, at: 0, resolve: undefined, reject: undefined, gone: undefined, leave };
    const left = (): void => this.#left(passenger);
    let timer: NodeJS.Timeout | undefined;
    this.#aboard.add(passenger);
    if (signal) signal.addEventListener("abort", onAbort, { once: true });
    if (deadline !== undefined)
      timer = setTimeout(onDeadline, Math.min(Math.max(deadline - Date.now(), 0), 2 ** 31 - 1));
    return passenger;

    function onAbort(): void {
      throwOut(ModelError.calledOff(signal!));
    }
    function onDeadline(): void {
      throwOut(new ModelError("The deadline passed.", { code: "timeout", phase: "total" }));
    }
    function throwOut(error: ModelError): void {
      passenger.gone = error;
      leave();
      passenger.reject?.(error);
    }
    function leave(): void {
      signal?.removeEventListener("abort", onAbort);
      clearTimeout(timer);
      left();
    }
  }

  #left(passenger: Passenger): void {
    if (!this.#aboard.delete(passenger) || this.#ended) return;
    const [next] = this.#aboard;
    if (!next) {
      this.#free();
      this.#stop.abort(passenger.gone ?? new ModelError("Nobody waits for this answer.", { code: "aborted" }));
      this.#reply?.cancel();
    } else if (passenger === this.#heir || passenger.request === this.#leader) {
      this.#heir = next;
      const { notify } = next.request;
      // Both may be calls of one request, as those of a hedge are; then it knows.
      if (notify === this.#leader.notify) return;
      for (const notice of this.#attempts) if (notice.attempt.outcome === "running") notify?.(notice);
    }
  }

  readonly #notify = (notice: Notice): void => {
    if (notice.type === "attempt" && notice.attempt.outcome === "running") this.#attempts.push(notice);
    // The leader's layers booked for these attempts and must hear of their end, whether or not the leader still waits.
    const { notify } = this.#leader;
    const heirs = this.#heir?.request.notify;
    notify?.(notice);
    if (heirs !== notify) heirs?.(notice);
  };

  #read(passenger: Passenger, resolve: Give, reject: Refuse): void {
    if (passenger.gone) return reject(passenger.gone);
    if (passenger.at < this.#kept.length) return resolve(this.#kept[passenger.at++]);
    passenger.resolve = resolve;
    passenger.reject = reject;
    if (this.#failure || this.#closed) this.#serve(passenger);
    else this.#pull();
  }

  #pull(): void {
    if (this.#pulling || !this.#reply) return;
    this.#pulling = true;
    // A reply of an older copy of core has no `take`.
    if (this.#reply.take) this.#reply.take(this.#arrived, this.#broke);
    else this.#reply.pull().then(this.#arrived, this.#broke);
  }

  readonly #arrived = (events: readonly ModelEvent[] | undefined): void => {
    this.#pulling = false;
    if (events) this.#kept.push(events);
    else this.#ended = this.#closed = true;
    for (const passenger of this.#aboard) if (passenger.resolve) this.#serve(passenger);
  };

  readonly #broke = (error: unknown): void => {
    this.#pulling = false;
    this.#ended = true;
    this.#failure = ModelError.from(error);
    this.#free();
    for (const passenger of this.#aboard) if (passenger.resolve) this.#serve(passenger);
  };

  /** Gives one who waits what there is now. */
  #serve(passenger: Passenger): void {
    const { resolve, reject } = passenger;
    passenger.resolve = passenger.reject = undefined;
    if (passenger.at < this.#kept.length) return resolve!(this.#kept[passenger.at++]);
    passenger.leave();
    if (this.#failure) reject!(passenger.request === this.#leader ? this.#failure : copyOf(this.#failure));
    else resolve!(undefined);
  }
}

/** An error is completed with the attempts of the call that it ends, so each call gets one of its own. */
function copyOf(error: ModelError): ModelError {
  const { message, code, provider, model, status, requestId, retryAfter, phase, partial } = error;
  return new ModelError(message, {
    code,
    provider,
    model,
    status,
    requestId,
    retryAfter,
    phase,
    partial,
    cause: error,
  });
}
