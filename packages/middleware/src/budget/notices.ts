import type { AttemptPlan, NanoDollars } from "@plugboard/core";

/**
 * What became of the money of an attempt, or of the attempt for want of it:
 *
 * - `reserved`, `extended` by another slice, `settled` at what it cost, `released` since it cost nothing;
 * - `waiting` for money that others hold, `downgraded` to another model, `cut` where the money ran out;
 * - `unchecked`, since the ledger is down and the budget may go on without it;
 * - `queued`, since it could not be booked, and later `booked` after all, or `abandoned`: then it is charged in full when its lease ends.
 */
export type BudgetStep =
  | "reserved"
  | "extended"
  | "settled"
  | "released"
  | "waiting"
  | "downgraded"
  | "cut"
  | "unchecked"
  | "queued"
  | "booked"
  | "abandoned";

declare module "@plugboard/core" {
  interface Notices {
    /** `amount` is the most that the attempt can cost, or that is added to it; once it ended, what it did cost. */
    budget: {
      readonly step: BudgetStep;
      readonly amount: NanoDollars;
      /** Counted here or taken from the reservation, since the provider did not say. */
      readonly estimated?: true;
      /** The worst case is not known, and the budget allows that. */
      readonly unpriced?: true;
      readonly plan: AttemptPlan;
    };
  }
}
