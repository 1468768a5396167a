import { checkCount, checkNumber } from "../check.ts";
import { hashedShare } from "../hashed-share.ts";
import { clusterCorrection } from "../means/clusters.ts";
import type { ClusterKey } from "../means/clusters.ts";

/** Totals as plain JSON: three numbers for each group of clusters that has values. */
export interface ClusterTotalsSnapshot {
  readonly groups: number;
  /** Place, how many values, and their sum. */
  readonly totals: readonly (readonly [place: number, size: number, sum: number])[];
  /** The sum of the squares of all values. */
  readonly squares: number;
}

/** What the values of one arm come to. */
export interface ClusteredMean {
  readonly size: number;
  readonly mean: number;
  /** Of the mean, with clusters as what is independent. */
  readonly variance: number;
  /** Of one value. */
  readonly spread: number;
  /** Degrees of freedom of `variance`. */
  readonly degrees: number;
}

/**
 * Values that keep coming, added up by what belongs together: all that is needed to compare means at any time, in memory that does not grow.
 *
 * Clusters (users, say) are dealt out by hash to a fixed number of groups, and whole groups count as clusters: that is right for any
 * number of clusters, and costs next to nothing where there are many more or fewer of them than groups.
 */
export class ClusterTotals {
  readonly #sizes: Float64Array;
  readonly #sums: Float64Array;
  #squares = 0;
  #size = 0;
  #clusters = 0;

  /** @throws {RangeError} unless there are 2 or more groups */
  constructor(groups = 256) {
    checkCount("groups", groups, 2, 65_536);
    this.#sizes = new Float64Array(groups);
    this.#sums = new Float64Array(groups);
  }

  /**
   * Takes totals up again.
   *
   * @throws {RangeError} if they are not what `snapshot` gives
   */
  static from({ groups, totals, squares }: ClusterTotalsSnapshot): ClusterTotals {
    const restored = new ClusterTotals(groups);
    for (const [place, size, sum] of totals) {
      checkCount("place", place, 0, groups - 1);
      checkCount("size", size, 1);
      checkNumber("sum", sum, -Number.MAX_VALUE, Number.MAX_VALUE);
      if (restored.#sizes[place] === 0) restored.#clusters += 1;
      restored.#sizes[place] = size;
      restored.#sums[place] = sum;
      restored.#size += size;
    }
    checkNumber("squares", squares, 0, Number.MAX_VALUE);
    restored.#squares = squares;
    return restored;
  }

  /** How many values there are. */
  get size(): number {
    return this.#size;
  }

  /** How many groups of clusters have values. */
  get clusters(): number {
    return this.#clusters;
  }

  /** @throws {RangeError} if the value is not finite */
  add(cluster: ClusterKey, value: number): void {
    checkNumber("value", value, -Number.MAX_VALUE, Number.MAX_VALUE);
    const place = Math.floor(hashedShare(String(cluster)) * this.#sizes.length);
    if (this.#sizes[place] === 0) this.#clusters += 1;
    this.#sizes[place]! += 1;
    this.#sums[place]! += value;
    this.#squares += value * value;
    this.#size += 1;
  }

  /**
   * Mean and variances; undefined as long as fewer than two groups have values. `extra` values, each a cluster of its own, count for
   * the variances alone: a few at the ends of the scale keep these from being nothing where all values so far are the same.
   */
  mean(extra: readonly number[] = []): ClusteredMean | undefined {
    const groups: { sum: number; size: number }[] = [];
    let sum = 0;
    for (const [place, size] of this.#sizes.entries()) {
      if (size === 0) continue;
      groups.push({ size, sum: this.#sums[place]! });
      sum += this.#sums[place]!;
    }
    if (groups.length < 2) return undefined;
    const mean = sum / this.#size;
    let size = this.#size;
    let squares = this.#squares;
    for (const value of extra) {
      groups.push({ size: 1, sum: value });
      sum += value;
      squares += value * value;
      size += 1;
    }
    const centre = sum / size;
    const { degrees, factors } = clusterCorrection(groups);
    let variance = 0;
    for (const [place, group] of groups.entries()) {
      variance += factors[place]! * (group.sum - group.size * centre) ** 2;
    }
    const spread = Math.max(0, (squares - size * centre * centre) / (size - 1));
    return { size: this.#size, mean, variance: variance / size ** 2, spread, degrees };
  }

  /** As plain JSON. */
  snapshot(): ClusterTotalsSnapshot {
    const totals: [number, number, number][] = [];
    for (const [place, size] of this.#sizes.entries()) if (size > 0) totals.push([place, size, this.#sums[place]!]);
    return { groups: this.#sizes.length, totals, squares: this.#squares };
  }
}
