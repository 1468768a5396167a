import type { CallOptions, Phase } from "@plugboard/core";
import type { Clocks } from "./wire-options.ts";
import { ModelError } from "@plugboard/core";

interface Watched {
  readonly provider: string;
  readonly model: string;
  readonly request: CallOptions;
  readonly clocks?: Clocks | undefined;
  /** An answer in one body has the total clock alone. */
  readonly streamed: boolean;
  readonly hiddenReasoning: boolean;
}

/** What a call waits for. */
export interface Waiting {
  /** The call was ended from here: nobody wants it any more. */
  ended(error: ModelError): void;
}

const defaults = { connect: 10_000, headers: 60_000, first: 60_000, idle: 30_000, total: 600_000 };
const longestTimer = 2 ** 31 - 1;

const sentences: Readonly<Record<Phase, string>> = {
  connect: "was not connected",
  headers: "sent no headers",
  first: "sent no content",
  idle: "sent no more content",
  total: "did not finish its answer",
};

/**
 * Watches over one call: its clocks, and whether the caller called it off. It ends the call by its own signal, which the transport
 * has, and tells whoever waits.
 *
 * No timer is set for a read: the time is noted, and one timer looks now and then whether a clock has run out.
 */
export class CallWatch {
  /** Why the call was ended from here. */
  failure: ModelError | undefined;
  /** Told when it is; who waits is another from phase to phase. */
  waiting: Waiting | undefined;

  readonly #watched: Watched;
  readonly #limits: Readonly<Record<Phase, number>>;
  readonly #controller = new AbortController();
  #phase: Phase | undefined;
  /** When the phase began; of the idle phase, when the read did. */
  #since = 0;
  /** Of the idle phase: how long reads that brought no content have taken. */
  #waited = 0;
  #reading = false;
  #timer: NodeJS.Timeout | undefined;
  #onAbort: (() => void) | undefined;
  #total: NodeJS.Timeout | undefined;

  /** @throws {ModelError} `invalid-request` for a clock that is no number of milliseconds */
  constructor(watched: Watched) {
    this.#watched = watched;
    this.#limits = limitsOf(watched);
  }

  /** Ends the transport's work, in every phase. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the request was still on its way to a connection. */
  get connecting(): boolean {
    return this.#phase === "connect";
  }

  /** @throws {ModelError} why the caller has called it off already */
  start(showsConnect: boolean): void {
    const { signal } = this.#watched.request;
    if (signal?.aborted) throw this.#calledOff(signal);
    if (signal) {
      this.#onAbort = () => this.fail(this.#calledOff(signal));
      signal.addEventListener("abort", this.#onAbort, { once: true });
    }
    const { total } = this.#limits;
    if (total <= longestTimer) this.#total = setTimeout(() => this.#expire("total"), total);
    this.#enter(showsConnect ? "connect" : "headers");
  }

  /** A bound method: the socket is connected. */
  readonly connected = (): void => {
    if (this.#phase === "connect") this.#enter("headers");
  };

  /** @throws {ModelError} why the call was ended in the moment between */
  headersArrived(): void {
    if (!this.failure) return this.#enter("first");
    this.waiting?.ended(this.failure);
    throw this.failure;
  }

  /** A read that is not begun is not timed between contents. */
  beginRead(): void {
    this.#reading = true;
    if (this.#phase !== "idle") return;
    this.#since = performance.now();
    if (!this.#timer) this.#arm();
  }

  /** @param content - whether the read brought any, or word that the provider is at work: keep-alives and counts are not progress */
  endRead(content: boolean): void {
    const timed = this.#reading;
    this.#reading = false;
    if (!this.#phase) return;
    if (content) {
      this.#waited = 0;
      if (this.#phase === "idle") return;
      // The timer of the clock before may be set for later than this one runs out.
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#phase = "idle";
    } else if (timed && this.#phase === "idle") {
      this.#waited += performance.now() - this.#since;
    }
  }

  /** Ends the call. */
  fail(error: ModelError): void {
    if (this.failure) return;
    this.failure = error;
    this.close();
    this.#controller.abort(error);
    this.waiting?.ended(error);
  }

  /** Nothing is left to watch: clears the timers and removes the listener. */
  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#total);
    this.#timer = this.#total = this.#phase = undefined;
    if (this.#onAbort) this.#watched.request.signal!.removeEventListener("abort", this.#onAbort);
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    clearTimeout(this.#timer);
    if (this.#limits[phase] < Infinity) {
      this.#since = performance.now();
      this.#arm();
    }
  }

  #left(): number {
    return this.#limits[this.#phase!] - this.#waited - (performance.now() - this.#since);
  }

  #arm(): void {
    const left = this.#left();
    this.#timer = left <= longestTimer ? setTimeout(this.#look, Math.max(Math.ceil(left), 0)) : undefined;
  }

  /** Nobody reads in the idle phase: the next read sets the timer again. */
  readonly #look = (): void => {
    this.#timer = undefined;
    if (!this.#phase || (this.#phase === "idle" && !this.#reading)) return;
    if (this.#left() <= 0) this.#expire(this.#phase);
    else this.#arm();
  };

  #expire(phase: Phase): void {
    const { provider, model } = this.#watched;
    const message = `${provider} ${sentences[phase]} within ${this.#limits[phase]} ms.`;
    this.fail(new ModelError(message, { code: "timeout", phase, provider, model }));
  }

  #calledOff(signal: AbortSignal): ModelError {
    return ModelError.calledOff(signal, { provider: this.#watched.provider, model: this.#watched.model });
  }
}

function limitsOf({ clocks, streamed, hiddenReasoning }: Watched): Readonly<Record<Phase, number>> {
  if (!clocks && streamed && !hiddenReasoning) return defaults;
  const limits = { ...defaults };
  for (const phase of Object.keys(defaults) as Phase[]) {
    const limit = clocks?.[phase];
    if (limit === undefined) continue;
    if (!(limit > 0)) {
      throw new ModelError(`clocks.${phase} is ${limit}: give milliseconds above 0, or Infinity for no limit.`, {
        code: "invalid-request",
      });
    }
    limits[phase] = limit;
  }
  if (!streamed) limits.headers = limits.first = limits.idle = Infinity;
  if (hiddenReasoning) limits.first = Infinity;
  return limits;
}
