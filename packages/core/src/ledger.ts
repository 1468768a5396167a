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
  /** Reserves the amount in every scope, or in none of them. */
  reserve(reservation: Reservation): Promise<ReserveOutcome>;
  /** Renews the lease and, with an `amount`, reserves so much more; refused as `reserve` is, and then nothing is added. */
  extend(id: string, options: { readonly lease: number; readonly amount?: NanoDollars }): Promise<ReserveOutcome>;
  /** Replaces the reservation by what was spent. Idempotent by id; after the lease has expired it moves the difference. */
  settle(id: string, amount: NanoDollars): Promise<void>;
  /** Takes the reservation back: only for a request that provably never reached the provider, or was refused by it. */
  release(id: string): Promise<void>;
  /** Where the scope with this key and window stands now. */
  spend(key: string, window: BudgetWindow): Promise<Spend>;
}
