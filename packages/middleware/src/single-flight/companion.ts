import { ModelError } from "@plugboard/core";
import type { CallOptions } from "@plugboard/core";

const longestTimer = 2 ** 31 - 1;

/** Someone who shares a call. They leave when they like, when their signal fires or when their deadline comes. */
export class Companion<Seat> {
  readonly request: CallOptions;
  /** What is known of them where the call is shared. */
  readonly seat: Seat;
  /** Why they are no longer there. */
  gone: ModelError | undefined;
  readonly #onLeft: (companion: Companion<Seat>) => void;
  readonly #onThrownOut: (error: ModelError, seat: Seat) => void;
  #onAbort: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    request: CallOptions,
    seat: Seat,
    onLeft: (companion: Companion<Seat>) => void,
    onThrownOut: (error: ModelError, seat: Seat) => void,
  ) {
    this.request = request;
    this.seat = seat;
    this.#onLeft = onLeft;
    this.#onThrownOut = onThrownOut;
    const { signal, deadline } = request;
    if (signal) {
      this.#onAbort = () => this.throwOut(ModelError.calledOff(signal));
      signal.addEventListener("abort", this.#onAbort, { once: true });
    }
    if (deadline !== undefined) {
      const onDeadline = (): void =>
        this.throwOut(new ModelError("The deadline passed.", { code: "timeout", phase: "total" }));
      this.#timer = setTimeout(onDeadline, Math.min(Math.max(deadline - Date.now(), 0), longestTimer));
    }
  }

  /** They are served, or want no more. */
  leave(): void {
    if (this.#onAbort) this.request.signal!.removeEventListener("abort", this.#onAbort);
    clearTimeout(this.#timer);
    this.#onLeft(this);
  }

  /** They have to go, with this error. */
  throwOut(error: ModelError): void {
    this.gone = error;
    // Before the call may be called off: that is not what they are to hear of.
    this.#onThrownOut(error, this.seat);
    this.leave();
  }
}
