import type { CallOptions, ModelError, Notice } from "@plugboard/core";
import { Companion } from "./companion.ts";

/**
 * Those who share one call. It is nobody's in particular, but its attempts are told to one of them at least: to the one who made it, and
 * to an heir once that one has left.
 */
export class Company<Seat> {
  readonly #leader: CallOptions;
  readonly #onEmpty: (last: ModelError | undefined) => void;
  readonly #onThrownOut: (error: ModelError, seat: Seat) => void;
  readonly #there = new Set<Companion<Seat>>();
  /** Attempts that may still be running, so that whoever pays for them next can be told. */
  #attempts: Extract<Notice, { type: "attempt" }>[] | undefined;
  #heir: Companion<Seat> | undefined;
  #ended = false;

  /**
   * @param onEmpty - told when the last one has left before the end, and why
   * @param onThrownOut - told when one has to go
   */
  constructor(
    leader: CallOptions,
    onEmpty: (last: ModelError | undefined) => void,
    onThrownOut: (error: ModelError, seat: Seat) => void,
  ) {
    this.#leader = leader;
    this.#onEmpty = onEmpty;
    this.#onThrownOut = onThrownOut;
  }

  /** Who is there, in the order in which they came. */
  get there(): ReadonlySet<Companion<Seat>> {
    return this.#there;
  }

  /** The call has ended: there is nothing left to call off or to hand on. */
  end(): void {
    this.#ended = true;
  }

  join(request: CallOptions, seat: Seat): Companion<Seat> {
    const companion = new Companion(request, seat, this.#left, this.#onThrownOut);
    this.#there.add(companion);
    return companion;
  }

  /** What is told on the way of the shared call. */
  readonly notify = (notice: Notice): void => {
    if (notice.type === "attempt" && notice.attempt.outcome === "running") (this.#attempts ??= []).push(notice);
    // The leader's layers booked for these attempts and must hear of their end, whether or not the leader still waits.
    const { notify } = this.#leader;
    const heirs = this.#heir?.request.notify;
    notify?.(notice);
    if (heirs !== notify) heirs?.(notice);
  };

  readonly #left = (companion: Companion<Seat>): void => {
    if (!this.#there.delete(companion) || this.#ended) return;
    const [next] = this.#there;
    if (!next) return this.#onEmpty(companion.gone);
    if (companion !== this.#heir && companion.request !== this.#leader) return;
    this.#heir = next;
    const { notify } = next.request;
    // Both may be calls of one request, as those of a hedge are; then it knows.
    if (notify === this.#leader.notify) return;
    for (const notice of this.#attempts ?? []) if (notice.attempt.outcome === "running") notify?.(notice);
  };
}
