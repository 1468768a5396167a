import type { CallOptions, Lease, LeaseStore } from "@plugboard/core";
import { ModelError, checkOption } from "@plugboard/core";
import type { StoreDoor } from "../store-door.ts";
import { within } from "../within.ts";

const longestTimer = 2 ** 31 - 1;

/** By what processes take turns. */
export interface TurnTerms {
  readonly leases: LeaseStore;
  readonly door: StoreDoor;
  /** Milliseconds that the store may take, besides what is waited for. */
  readonly patience: number;
  /** Milliseconds after which the turn of a process that died is another's. Renewed while it lives. @default 10000 */
  readonly lease?: number | undefined;
  /** The most milliseconds that a call waits for another process's answer. @default 60000 */
  readonly wait?: number | undefined;
}

type Terms = TurnTerms & { readonly lease: number; readonly wait: number };

/** Waits for a turn, or an answer. */
export type TakeTurn = <Found>(
  key: string,
  request: CallOptions,
  look: () => Promise<Found | undefined>,
) => Promise<TurnOutcome<Found>>;

/** What came of waiting for a turn: the answer that another process's call brought, a turn of our own, or neither. */
interface TurnOutcome<Found> {
  readonly found?: Found;
  readonly turn?: Turn;
}

/** The turn to make a call: while it lasts, other processes wait for its answer. */
export class Turn {
  readonly #terms: Terms;
  readonly #lease: Lease;
  readonly #notify: CallOptions["notify"];
  readonly #timer: NodeJS.Timeout;
  /** Before the store was last asked to let us have it: its time cannot have begun any earlier. */
  #since: number;
  #lost = false;

  constructor(terms: Terms, lease: Lease, since: number, notify: CallOptions["notify"]) {
    this.#terms = terms;
    this.#lease = lease;
    this.#since = since;
    this.#notify = notify;
    this.#timer = setInterval(() => void this.#renew(), terms.lease / 3);
    this.#timer.unref?.();
  }

  /** Whether no other process can have taken it over; a call that lost its turn must not write over its successor's answer. */
  get isOurs(): boolean {
    return !this.#lost && performance.now() - this.#since < this.#terms.lease;
  }

  /** Gives it back, after some last work if it is still ours. That this fails is told; the lease then runs out by itself. */
  async end(work?: () => Promise<void>): Promise<void> {
    if (work && this.isOurs) await work();
    clearInterval(this.#timer);
    if (!this.isOurs) return;
    this.#lost = true;
    const { leases, door } = this.#terms;
    try {
      await door.ask(() => leases.release(this.#lease));
    } catch (error) {
      this.#notify?.({ type: "fault", error });
    }
  }

  async #renew(): Promise<void> {
    const { leases, door, lease } = this.#terms;
    const since = performance.now();
    try {
      if (await door.ask(() => leases.renew(this.#lease, lease))) this.#since = since;
      else {
        this.#lost = true;
        clearInterval(this.#timer);
      }
    } catch (error) {
      this.#notify?.({ type: "fault", error });
    }
  }
}

/**
 * How calls of several processes take turns. Each waits until it is its turn, or until another's call has brought an answer that `look`
 * finds (which does not fail). One process at a time has the turn; when it dies, one of those who wait is next. Who has waited for long
 * enough, or cannot reach the store, goes without a turn. A call that is called off meanwhile rejects.
 *
 * @param looksFirst - whether an answer may be there before anybody waited, as in a cache
 */
export function turns({ lease = 10_000, wait = 60_000, ...rest }: TurnTerms, looksFirst: boolean): TakeTurn {
  checkOption("lease", lease, { least: 3, most: longestTimer });
  checkOption("wait", wait, { least: 0, most: longestTimer });
  const terms = { ...rest, lease, wait };
  return (key, request, look) => takeTurn(terms, key, request, look, looksFirst);
}

async function takeTurn<Found>(
  terms: Terms,
  key: string,
  request: CallOptions,
  look: () => Promise<Found | undefined>,
  looksFirst: boolean,
): Promise<TurnOutcome<Found>> {
  const { leases, door, lease, patience } = terms;
  const { signal, notify } = request;
  const ends = performance.now() + terms.wait;
  try {
    for (let looks = looksFirst; !door.isShut; looks = false) {
      const since = performance.now();
      const held = await door.ask(() => leases.acquire(key, lease));
      if (held) {
        const turn = new Turn(terms, held, since, notify);
        // It may have come between our first look and our turn.
        const found = looks ? await look() : undefined;
        if (found === undefined) return { turn };
        await turn.end();
        return { found };
      }

      notify?.({ type: "cache", step: "shared", key });
      const left = Math.max(0, ends - performance.now());
      await within(left + patience, leases.wait(key, left, signal));
      const found = await look();
      if (found !== undefined) return { found };
      if (performance.now() >= ends) return {};
    }
  } catch (error) {
    if (signal?.aborted) throw ModelError.calledOff(signal);
    notify?.({ type: "fault", error });
  }
  return {};
}
