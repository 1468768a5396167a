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

/** Whether all was taken, or how long to wait before it is worth asking again. */
export type TakeOutcome =
  | { readonly granted: true }
  | { readonly granted: false; readonly limit: Limit; readonly retryAfter: number };

/** Rates of requests and tokens. Verbs are atomic and use the store's clock. */
export interface LimitStore {
  /** Takes of every limit, or of none. */
  take(takes: readonly LimitTake[]): Promise<TakeOutcome>;
  /** Gives back what was taken and not used; never more than was taken. */
  refund(takes: readonly LimitTake[]): Promise<void>;
}
