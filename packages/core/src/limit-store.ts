/** At most `limit` units in any sliding window of `window` milliseconds. */
export interface Limit {
  readonly key: string;
  readonly limit: number;
  readonly window: number;
}

/** How much to take of one limit. */
export interface LimitTake extends Limit {
  readonly cost: number;
}

/** Whether all was taken, and when by the store's clock; or which limit has no room, and how long to wait before asking again. */
export type TakeOutcome =
  | { readonly granted: true; readonly at: number }
  /** `retryAfter` in milliseconds; infinite for a cost that is more than the whole limit. */
  | { readonly granted: false; readonly limit: Limit; readonly retryAfter: number };

/**
 * Rates of requests and tokens. Verbs are atomic and use the store's clock; when that is set back, the store's time stands still.
 *
 * In every window of a limit, what was taken and not refunded is at most `limit`; a cost up to the whole of it can be taken at once.
 */
export interface LimitStore {
  /** Takes of every limit, or of none. */
  take(takes: readonly LimitTake[]): Promise<TakeOutcome>;
  /**
   * Gives back what was not used of that which was taken `at` a time, the one that `take` told: never more than that, and nothing
   * once the window has moved on, since it then counts no more.
   */
  refund(takes: readonly LimitTake[], at: number): Promise<void>;
}
