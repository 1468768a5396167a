// What could be had at best. For tests and scripts/verdict.ts; no part of the package.

/** What is tested, and how closely the bound is looked for. */
export interface BoundOptions {
  readonly margin: number;
  readonly level: number;
  /** How many distributions on the line are tried, less one; the truth, if on the line, is one of a multiple of 4. Fewer make the bound higher. @default 20 */
  readonly steps?: number;
}

/**
 * The power that no test of this level exceeds: that of the most powerful test against one distribution on the line, at the worst of them
 * (Neyman and Pearson's lemma; Lehmann and Romano, Testing statistical hypotheses, 3.8). It knows the truth that it tests for, and throws dice where
 * a table stands on the edge, so that no real test comes up to it.
 */
export function powerBound(
  items: number,
  { baselineRate, candidateRate }: { readonly baselineRate: number; readonly candidateRate: number },
  { margin, level, steps = 20 }: BoundOptions,
): number {
  let least = 1;
  for (let step = 0; step <= steps; step++) {
    const nullRate = Math.max(1e-6, candidateRate - margin + ((4 / 3) * margin * step) / steps);
    const hypothesis = [nullRate + margin, nullRate] as const;
    least = Math.min(least, mostPowerful(items, [baselineRate, candidateRate], hypothesis, level));
  }
  return least;
}

/** Shares of items that only one of the models gets right. */
type Rates = readonly [onlyBaseline: number, onlyCandidate: number];

function mostPowerful(items: number, truth: Rates, hypothesis: Rates, level: number): number {
  const tables: { readonly ratio: number; readonly underTruth: number; readonly underHypothesis: number }[] = [];
  const logs = [truth, hypothesis].map(([b, c]) => [Math.log(b), Math.log(c), Math.log1p(-b - c)] as const);
  const factorials = new Float64Array(items + 1);
  for (let count = 1; count <= items; count++) factorials[count] = factorials[count - 1]! + Math.log(count);
  for (let b = 0; b <= items; b++) {
    for (let c = 0; b + c <= items; c++) {
      const ways = factorials[items]! - factorials[b]! - factorials[c]! - factorials[items - b - c]!;
      const [first, second] = logs.map(([p, q, r]) => ways + b * p + c * q + (items - b - c) * r);
      if (first! < -34 && second! < -34) continue;
      tables.push({ ratio: first! - second!, underTruth: Math.exp(first!), underHypothesis: Math.exp(second!) });
    }
  }
  tables.sort((left, right) => right.ratio - left.ratio);
  let [spent, power] = [0, 0];
  for (const { underTruth, underHypothesis } of tables) {
    if (spent + underHypothesis > level) return power + ((level - spent) / underHypothesis) * underTruth;
    spent += underHypothesis;
    power += underTruth;
  }
  return power;
}
