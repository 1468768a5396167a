import { checkNumber } from "../check-number.ts";
import type { FirstTimes } from "../hedge/first-times.ts";

/** Milliseconds within which so many of the answers have begun. */
export interface Percentiles {
  /** Half of them. */
  readonly p50?: number;
  /** Nine of ten. */
  readonly p90?: number;
  /** All but one of twenty. */
  readonly p95?: number;
  /** All but one of a hundred. */
  readonly p99?: number;
}

/** Fewer times than these say nothing. */
const leastTimes = 20;

const shares = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;
const names = Object.keys(shares) as (keyof Percentiles)[];

/** The percentiles of what was observed; nothing where that was too little. */
export function percentilesOf(times: FirstTimes): Required<Percentiles> | undefined {
  if (times.count < leastTimes) return undefined;
  return {
    p50: times.quantile(shares.p50),
    p90: times.quantile(shares.p90),
    p95: times.quantile(shares.p95),
    p99: times.quantile(shares.p99),
  };
}

/** The first of the ceilings that is passed; a model of which little is known passes none. */
export function slowness(times: FirstTimes, ceilings: Percentiles): string | undefined {
  if (times.count < leastTimes) return undefined;
  for (const name of names) {
    const most = ceilings[name];
    if (most === undefined) continue;
    const took = times.quantile(shares[name]);
    if (took > most)
      return `has its first content after ${Math.round(took)} ms (${name}), and ${most} ms is the ceiling`;
  }
  return undefined;
}

/** @throws {ModelError} `invalid-request`, with the option and the accepted values */
export function checkPercentiles(option: string, ceilings: Percentiles): void {
  for (const name of names) {
    const most = ceilings[name];
    if (most !== undefined) checkNumber(`${option}.${name}`, most, 0);
  }
}
