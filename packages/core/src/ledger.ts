import type { NanoDollars } from "./cost.ts";

/** The span over which a limit counts: for ever, a UTC calendar day or month, or the last so many milliseconds. */
export type BudgetWindow = "total" | "day" | "month" | { readonly rolling: number };

/** One limit that a call counts against: `{ key: "user=ada", limit: 5_000_000_000, window: "day" }`. */
export interface BudgetScope {
  readonly key: string;
  readonly limit: NanoDollars;
  readonly window: BudgetWindow;
}

/** What may be spent by one attempt, at most. */
export interface Reservation {
  /** Unique to the attempt. */
  readonly id: string;
  readonly amount: NanoDollars;
  readonly scopes: readonly BudgetScope[];
  /** Milliseconds after which an attempt that says nothing is taken for dead, and charged in full. */
  readonly lease: number;
  /** What the attempt is booked under in reports: its tags, `provider`, `model`. @default none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Where one scope stands in its present window. */
export interface Spend {
  readonly key: string;
  readonly window: BudgetWindow;
  /** Settled. */
  readonly spent: NanoDollars;
  /** Reservations whose lease ran out: charged in full, since they may have been billed. */
  readonly assumed: NanoDollars;
  /** Live reservations. */
  readonly held: NanoDollars;
}

/** What was spent on one UTC day under one set of labels. */
export interface SpendRow {
  /** That of the reservation: `2026-11-25`. */
  readonly day: string;
  readonly labels: Readonly<Record<string, string>>;
  /** How many were booked: settled, or charged since their lease ran out. */
  readonly attempts: number;
  /** Settled. */
  readonly spent: NanoDollars;
  /** Charged in full since the lease ran out. */
  readonly assumed: NanoDollars;
}

/** Whether it was reserved, or which scope had no room. */
export type ReserveOutcome =
  | { readonly granted: true }
  | { readonly granted: false; readonly scope: BudgetScope; readonly spend: Spend };

/**
 * Money that is reserved before it is spent. Verbs are atomic and use the store's clock.
 *
 * In every scope and window, `spent + assumed + held + amount <= limit` is tested and added in one step, over all scopes at once:
 * all or none. A window is fixed at the reservation: a late settle lands in the window it was reserved in.
 */
export interface Ledger {
  /**
   * Reserves the amount in every scope, or in none of them; an id that is reserved already is granted, and nothing is added.
   *
   * @throws {ModelError} `invalid-request` for an amount that is no whole number from 0 to 2^53 - 1, as `extend` and `settle` do
   */
  reserve(reservation: Reservation): Promise<ReserveOutcome>;
  /**
   * Renews the lease, also one that has run out, and with an `amount` reserves so much more; refused as `reserve` is, and then nothing
   * is added, nor is the lease renewed.
   *
   * @throws {ModelError} `invalid-request` for an id that is not reserved, or no longer
   */
  extend(id: string, options: { readonly lease: number; readonly amount?: NanoDollars }): Promise<ReserveOutcome>;
  /** Replaces the reservation by what was spent. Idempotent by id; after the lease has expired it moves the difference. */
  settle(id: string, amount: NanoDollars): Promise<void>;
  /** Takes the reservation back: only for a request that provably never reached the provider, or was refused by it. */
  release(id: string): Promise<void>;
  /** Where the scope with this key and window stands now. */
  spend(key: string, window: BudgetWindow): Promise<Spend>;
  /**
   * What was booked from one UTC day to another, both included: a row for each day and set of labels, in no order. What is held is in
   * none of them, nor what was released.
   *
   * @throws {ModelError} `invalid-request` for a day that is not written as `2026-11-25`
   */
  report(from: string, to: string): Promise<readonly SpendRow[]>;
}
