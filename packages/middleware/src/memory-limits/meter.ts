import type { LimitTake } from "@plugboard/core";

/** How much of one limit counts, and when there is room for more. It has no clock; the time is told to it, and never goes back. */
export interface Meter {
  /** Milliseconds until so much can be taken: 0 for now, infinite for never. */
  waitFor(take: LimitTake, now: number): number;
  add(take: LimitTake, now: number): void;
  /** Takes back what was added at a time, at most all of it. */
  remove(take: LimitTake, at: number, now: number): void;
  /** Whether nothing counts any more, so that it can be forgotten. */
  isEmpty(now: number): boolean;
}
