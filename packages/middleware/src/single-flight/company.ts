import { ModelError } from "@plugboard/core";
import type { CallOptions, Notice } from "@plugboard/core";

/** Someone who shares a call. */
export interface Companion {
  readonly request: CallOptions;
  /** Why they are no longer there. */
  readonly gone: ModelError | undefined;
  /** They are served, or want no more. */
  leave(): void;
  /** They have to go, with this error. */
  throwOut(error: ModelError): void;
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

const longestTimer = 2 ** 31 - 1;

/**
 * Those who share one call: each leaves when they like, when their signal fires or when their deadline comes. The call is nobody's in
 * particular, but its attempts are told to one of them at least: to the one who made it, and to an heir once that one has left.
 */
export class Company {
  readonly #leader: CallOptions;
  readonly #onEmpty: (last: ModelError | undefined) => void;
  readonly #there = new Set<Companion>();
  /** Attempts that may still be running, so that whoever pays for them next can be told. */
  readonly #attempts: Extract<Notice, { type: "attempt" }>[] = [];
  #heir: Companion | undefined;
  #ended = false;

  /** `onEmpty` is told when the last one has left before the end, and why. */
  constructor(leader: CallOptions, onEmpty: (last: ModelError | undefined) => void) {
    this.#leader = leader;
    this.#onEmpty = onEmpty;
  }

  /** The call has ended: there is nothing left to call off or to hand on. */
  end(): void {
    this.#ended = true;
  }

  /** `onThrownOut` is told when they have to go, by their signal or their deadline for instance. */
  join(request: CallOptions, onThrownOut: (error: ModelError) => void): Companion {
    const { signal, deadline } = request;
    const companion: Writable<Companion> = { request, gone: undefined, leave, throwOut };
    const left = (): void => this.#left(companion);
    let timer: NodeJS.Timeout | undefined;
    this.#there.add(companion);
    if (signal) signal.addEventListener("abort", onAbort, { once: true });
    if (deadline !== undefined)
      timer = setTimeout(onDeadline, Math.min(Math.max(deadline - Date.now(), 0), longestTimer));
    return companion;

    function onAbort(): void {
      throwOut(ModelError.calledOff(signal!));
    }
    function onDeadline(): void {
      throwOut(new ModelError("The deadline passed.", { code: "timeout", phase: "total" }));
    }
    function throwOut(error: ModelError): void {
      companion.gone = error;
      onThrownOut(error); // before the call may be called off: that is not what they are to hear of
      leave();
    }
    function leave(): void {
      if (signal) signal.removeEventListener("abort", onAbort);
      if (timer) clearTimeout(timer);
      left();
    }
  }

  /** What is told on the way of the shared call. */
  readonly notify = (notice: Notice): void => {
    if (notice.type === "attempt" && notice.attempt.outcome === "running") this.#attempts.push(notice);
    // The leader's layers booked for these attempts and must hear of their end, whether or not the leader still waits.
    const { notify } = this.#leader;
    const heirs = this.#heir?.request.notify;
    notify?.(notice);
    if (heirs !== notify) heirs?.(notice);
  };

  #left(companion: Companion): void {
    if (!this.#there.delete(companion) || this.#ended) return;
    const [next] = this.#there;
    if (!next) return this.#onEmpty(companion.gone);
    if (companion !== this.#heir && companion.request !== this.#leader) return;
    this.#heir = next;
    const { notify } = next.request;
    // Both may be calls of one request, as those of a hedge are; then it knows.
    if (notify === this.#leader.notify) return;
    for (const notice of this.#attempts) if (notice.attempt.outcome === "running") notify?.(notice);
  }
}
