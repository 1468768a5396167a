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
  /** Of the request's signal, where nobody else minds that it is aborted. @default one of its own */
  readonly controller?: AbortController | undefined;
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
 * No timer is set for a read, nor for each clock: the time is noted, and one timer looks now and then whether a clock has run out. It
 * is set anew only where a clock would run out before it looks.
 */
export class CallWatch {
  /** Why the call was ended from here. */
  failure: ModelError | undefined;
  /** Told when it is; who waits is another from phase to phase. */
  waiting: Waiting | undefined;

  readonly #provider: string;
  readonly #model: string;
  /** The caller's. */
  readonly #callers: AbortSignal | undefined;
  readonly #limits: Readonly<Record<Phase, number>>;
  readonly #controller: AbortController;
  /** When the call began. */
  #begun = 0;
  #phase: Phase | undefined;
  /** When the phase began; of the idle phase, when the read did. */
  #since = 0;
  /** Of the idle phase: how long reads that brought no content have taken. */
  #waited = 0;
  #reading = false;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer looks. */
  #looks = Infinity;
  #onAbort: (() => void) | undefined;

  /** @throws {ModelError} `invalid-request` for a clock that is no number of milliseconds */
  constructor(watched: Watched) {
    this.#provider = watched.provider;
    this.#model = watched.model;
    this.#callers = watched.request.signal;
    this.#limits = limitsOf(watched);
    this.#controller = watched.controller ?? new AbortController();
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
    const signal = this.#callers;
    if (signal?.aborted) throw this.#calledOff(signal);
    if (signal) {
      this.#onAbort = () => this.fail(this.#calledOff(signal));
      signal.addEventListener("abort", this.#onAbort, { once: true });
    }
    this.#begun = performance.now();
    this.#enter(showsConnect ? "connect" : "headers");
  }

  /** The socket is connected. */
  connected(): void {
    if (this.#phase === "connect") this.#enter("headers");
  }

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
    this.#watchFrom(performance.now());
  }

  /** @param content - whether the read brought any, or word that the provider is at work: keep-alives and counts are not progress */
  endRead(content: boolean): void {
    const timed = this.#reading;
    this.#reading = false;
    if (!this.#phase) return;
    if (content) {
      this.#waited = 0;
      this.#phase = "idle";
    } else if (timed && this.#phase === "idle") {
      this.#waited += performance.now() - this.#since;
    }
  }

  /** Whoever reads the answer ends it when the caller calls it off: nobody need listen to the signal any more. */
  handOver(): void {
    if (this.#onAbort) this.#callers!.removeEventListener("abort", this.#onAbort);
    this.#onAbort = undefined;
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
    this.#timer = this.#phase = undefined;
    this.handOver();
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#watchFrom(performance.now());
  }

  /** The clock of the phase runs from now on. */
  #watchFrom(now: number): void {
    this.#since = now;
    if (this.#runsOut() < this.#looks) this.#set(now);
  }

  /** When the first clock does. That of the idle phase stands still while nobody reads. */
  #runsOut(): number {
    const whole = this.#begun + this.#limits.total;
    if (this.#phase === "idle" && !this.#reading) return whole;
    return Math.min(whole, this.#since + this.#limits[this.#phase!] - this.#waited);
  }

  #set(now: number): void {
    clearTimeout(this.#timer);
    this.#looks = this.#runsOut();
    const wait = Math.min(Math.ceil(this.#looks - now), longestTimer);
    this.#timer = this.#looks === Infinity ? undefined : setTimeout(look, wait, this);
  }

  /** What the timer does. */
  look(): void {
    if (!this.#phase) return;
    const now = performance.now();
    if (this.#runsOut() > now) this.#set(now);
    else this.#expire(this.#begun + this.#limits.total <= now ? "total" : this.#phase);
  }

  #expire(phase: Phase): void {
    const provider = this.#provider;
    const message = `${provider} ${sentences[phase]} within ${this.#limits[phase]} ms.`;
    this.fail(new ModelError(message, { code: "timeout", phase, provider, model: this.#model }));
  }

  #calledOff(signal: AbortSignal): ModelError {
    return ModelError.calledOff(signal, { provider: this.#provider, model: this.#model });
  }
}

/** Given the watch by the timer, so that no call makes a function of its own. */
const look = (watch: CallWatch): void => watch.look();

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
