import type { Ledger, NanoDollars, Reservation, ReserveOutcome } from "@plugboard/core";
import type { Settlements } from "./settlements.ts";

/** Where money is held, and what becomes of what cannot be booked. */
export interface HoldTerms {
  readonly ledger: Ledger;
  readonly settlements: Settlements;
  /** For reservations that failed and may have been made all the same. */
  readonly doubts: Settlements;
  /** Told when money that was held is free again. */
  readonly onFreed: () => void;
}

/** Told of what goes wrong. */
export interface HoldListener {
  readonly onFault: (error: unknown) => void;
  /** A booking failed and waits, or was made or given up after that. */
  readonly onLate: (step: "queued" | "booked" | "abandoned", amount: NanoDollars) => void;
}

export type Refused = Extract<ReserveOutcome, { readonly granted: false }>;

/** A reservation that is kept alive until it is settled or released; whichever comes first is what counts. */
export class Hold {
  readonly #terms: HoldTerms;
  readonly #reservation: Reservation;
  readonly #listener: HoldListener;
  readonly #renewal: NodeJS.Timeout | number | undefined;
  /** Whether the ledger knows of it; otherwise it was down. */
  readonly #reserved: boolean;
  #over = false;
  #faultTold = false;

  private constructor(terms: HoldTerms, reservation: Reservation, listener: HoldListener, reserved: boolean) {
    this.#terms = terms;
    this.#reservation = reservation;
    this.#listener = listener;
    this.#reserved = reserved;
    if (!reserved) return;
    this.#renewal = setInterval(() => this.#renew(), reservation.lease / 3);
    if (typeof this.#renewal === "object") this.#renewal.unref();
  }

  /**
   * Reserves.
   *
   * @throws whatever the ledger fails with; then nothing is held, or only for one lease
   */
  static of(terms: HoldTerms, reservation: Reservation, listener: HoldListener): Promise<Hold | Refused> {
    return terms.ledger
      .reserve(reservation)
      .then((outcome) => (outcome.granted ? new Hold(terms, reservation, listener, true) : outcome));
  }

  /** One that the ledger could not be asked for: what it comes to is booked when the ledger is back. */
  static unchecked(terms: HoldTerms, reservation: Reservation, listener: HoldListener): Hold {
    return new Hold(terms, reservation, listener, false);
  }

  /** Lets go of one that failed and is not made use of: it may have been made all the same, and would be charged in full. */
  static forget({ ledger, doubts }: HoldTerms, { id }: Reservation): void {
    doubts.add(
      () => ledger.release(id),
      () => {},
    );
  }

  get over(): boolean {
    return this.#over;
  }

  /** Reserves so much more. @throws whatever the ledger fails with */
  extend(amount: NanoDollars): Promise<ReserveOutcome> {
    const { id, lease } = this.#reservation;
    return this.#reserved ? this.#terms.ledger.extend(id, { lease, amount }) : Promise.resolve({ granted: true });
  }

  /** Resolves once it is booked, or has failed and will be tried again. */
  settle(amount: NanoDollars): Promise<void> {
    const { ledger } = this.#terms;
    const { id } = this.#reservation;
    if (this.#reserved) return this.#end(amount, () => ledger.settle(id, amount));
    return this.#end(amount, async () => {
      // It was spent whether or not there was room.
      const scopes = this.#reservation.scopes.map((scope) => ({ ...scope, limit: Number.MAX_SAFE_INTEGER }));
      await ledger.reserve({ ...this.#reservation, amount, scopes });
      await ledger.settle(id, amount);
    });
  }

  release(): Promise<void> {
    const { ledger } = this.#terms;
    return this.#end(0, () => ledger.release(this.#reservation.id));
  }

  async #end(amount: NanoDollars, book: () => Promise<void>): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#renewal);
    const { settlements, onFreed } = this.#terms;
    const { onFault, onLate } = this.#listener;
    try {
      await book();
      onFreed();
    } catch (error) {
      onFault(error);
      onLate("queued", amount);
      settlements.add(book, (step) => {
        onLate(step, amount);
        onFreed();
      });
    }
  }

  /** The attempt goes on under its last lease when this fails; told once. */
  #renew(): void {
    const { id, lease } = this.#reservation;
    this.#terms.ledger.extend(id, { lease }).then(
      () => (this.#faultTold = false),
      (error: unknown) => {
        if (this.#over || this.#faultTold) return;
        this.#faultTold = true;
        this.#listener.onFault(error);
      },
    );
  }
}
