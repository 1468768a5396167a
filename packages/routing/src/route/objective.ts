import { checkNumber } from "../check-number.ts";
import { checkPercentiles } from "../chosen/percentiles.ts";
import type { Percentiles } from "../chosen/percentiles.ts";
import { refused } from "../refused.ts";

/** What is wanted of the model that is chosen: one of these. */
export type Objective =
  /** The cheapest of those that keep to the bounds, or the quickest. */
  | { readonly minimize: "cost" | "latency"; readonly maximize?: never; readonly weights?: never }
  /** The best of them. */
  | { readonly maximize: "quality"; readonly minimize?: never; readonly weights?: never }
  /** A bit of each. */
  | { readonly weights: RouteWeights; readonly minimize?: never; readonly maximize?: never };

/**
 * What one is worth against the others. The model with the highest sum wins: `quality` × its quality relative to the reference, less
 * `cost` × its cost and `latency` × its time, both as shares of those of the dearest and the slowest model that may be asked.
 */
export interface RouteWeights {
  /** @default 0 */
  readonly quality?: number;
  /** @default 0 */
  readonly cost?: number;
  /** @default 0 */
  readonly latency?: number;
}

/** What the model that is chosen must keep to. */
export interface RouteBounds {
  /**
   * The least quality, relative to the reference: with 0.95, a model may be asked whose quality for this request is at least 95 % of what
   * is predicted for the reference. The reference itself always is good enough. A number alone is `{ atLeast }`.
   */
  readonly quality?: number | QualityBound;
  /** Milliseconds until the first content of a streamed answer, by those of the last five minutes. */
  readonly firstTokenMs?: Percentiles;
  /** US dollars that the call is expected to cost at most. Never passed, whatever fails; a model without a price is not asked. */
  readonly usd?: number;
}

/** How good is good enough, and how sure that must be. */
export interface QualityBound {
  /** From 0 to 1, where 1 is the quality of the reference. */
  readonly atLeast: number;
  /**
   * Which figure of a model is held against the bound: its `expected` quality, which keeps to it on average if the predictions are right;
   * or the lower end of its 95 % interval, which keeps to it though they are somewhat wrong, and saves less. @default "expected"
   */
  readonly by?: "expected" | "lower-bound";
}

/** An objective and its bounds, read. */
export interface ReadObjective {
  readonly kind: "cost" | "latency" | "quality" | "weights";
  readonly weights: Required<RouteWeights>;
  readonly quality: Required<QualityBound> | undefined;
  readonly firstTokenMs: Percentiles | undefined;
  /** Nano-dollars. */
  readonly most: number | undefined;
}

/** @throws {ModelError} `invalid-request`, with the option and the accepted values */
export function readObjective(
  { minimize, maximize, weights }: Objective,
  { quality, firstTokenMs, usd }: RouteBounds,
): ReadObjective {
  const given = [minimize, maximize, weights].filter((one) => one !== undefined);
  if (given.length !== 1) throw refused("`route` takes one of `minimize`, `maximize` and `weights`.");
  if (minimize !== undefined && !["cost", "latency"].includes(minimize)) {
    throw refused(`\`minimize\` must be "cost" or "latency"; it is ${JSON.stringify(minimize)}.`);
  }
  if (maximize !== undefined && (maximize as string) !== "quality") {
    throw refused(`\`maximize\` must be "quality"; it is ${JSON.stringify(maximize)}.`);
  }
  for (const [name, weight] of Object.entries(weights ?? {})) checkNumber(`weights.${name}`, weight as number, 0);
  const bound = typeof quality === "number" ? { atLeast: quality } : quality;
  if (bound) {
    checkNumber("subjectTo.quality", bound.atLeast, 0, 1);
    if (bound.by !== undefined && !["expected", "lower-bound"].includes(bound.by)) {
      throw refused(`\`subjectTo.quality.by\` must be "expected" or "lower-bound"; it is ${JSON.stringify(bound.by)}.`);
    }
  }
  if (firstTokenMs) checkPercentiles("subjectTo.firstTokenMs", firstTokenMs);
  if (usd !== undefined) checkNumber("subjectTo.usd", usd, 0);
  return {
    kind: minimize ?? maximize ?? "weights",
    weights: { quality: 0, cost: 0, latency: 0, ...weights },
    quality: bound && { by: "expected", ...bound },
    firstTokenMs,
    most: usd === undefined ? undefined : usd * 1e9,
  };
}
