/** An estimate, and the interval in which the truth is expected. */
export interface Interval {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  /** In how many of many such studies the interval holds the truth: 0.95 is 95 in 100. */
  readonly confidence: number;
}

/** How sure an interval is. */
export interface ConfidenceOptions {
  /** Share of studies in which the interval holds the truth, between 0 and 1. @default 0.95 */
  readonly confidence?: number;
}

/** The least and the greatest value that can occur; either may be infinite. */
export type Bounds = readonly [least: number, most: number];
