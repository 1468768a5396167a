import { checkPaired } from "../check.ts";

/** What says that two values belong together: the same for both. */
export type ClusterKey = string | number;

/** Values of a cluster, added up. */
export interface Cluster {
  readonly sum: number;
  readonly size: number;
}

/**
 * Adds up the values of each cluster.
 *
 * @throws {RangeError} if there is not a key for each value, or all have the same
 */
export function clustersOf(values: readonly number[], keys: readonly ClusterKey[]): readonly Cluster[] {
  checkPaired("values", values, "clusters", keys);
  const clusters = new Map<ClusterKey, { sum: number; size: number }>();
  for (const [place, value] of values.entries()) {
    const cluster = clusters.get(keys[place]!);
    if (cluster) {
      cluster.sum += value;
      cluster.size += 1;
    } else clusters.set(keys[place]!, { sum: value, size: 1 });
  }
  if (clusters.size < 2) throw new RangeError("`clusters` must name 2 or more clusters; it names 1.");
  return [...clusters.values()];
}

/** Degrees of freedom of a clustered variance, and the factor that each cluster's squared sum of residuals is taken by. */
export interface ClusterCorrection {
  readonly degrees: number;
  readonly factors: readonly number[];
}

/**
 * What makes up for residuals being smaller than errors: CR2, with Satterthwaite's degrees of freedom (Bell and McCaffrey, Bias reduction in
 * standard errors for linear regression with multi-stage samples, Survey Methodology 28, 2002), for a mean.
 *
 * A cluster of size m among n values has residuals whose sum has variance m(1 − m/n)σ² if values were independent, so its square is taken by
 * 1/(1 − m/n). With G clusters alike, that is G/(G − 1), and the degrees are G − 1.
 */
export function clusterCorrection(clusters: readonly Cluster[]): ClusterCorrection {
  let total = 0;
  for (const { size } of clusters) total += size;
  const factors = clusters.map(({ size }) => 1 / (1 - size / total));

  // M[g,h] = √(f_g f_h) (m_g [g = h] − m_g m_h / n); degrees = tr(M)² / tr(M²). On the diagonal, f_g (m_g − m_g²/n) = m_g.
  let squares = 0;
  let fourths = 0;
  let diagonal = 0;
  for (const [place, { size }] of clusters.entries()) {
    const part = (factors[place]! * size * size) / total;
    squares += part;
    fourths += part * part;
    diagonal += size * size;
  }
  return { degrees: total ** 2 / (squares ** 2 - fourths + diagonal), factors };
}
