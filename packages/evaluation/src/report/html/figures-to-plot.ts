import type { Measurement } from "@plugboard/core";
import type { Interval } from "@plugboard/statistics";
import type { Comparison, GateResult } from "../../parity/comparison.ts";
import { contestOf } from "../../parity/contest.ts";
import { settleGates } from "../../parity/gate.ts";
import { meanOf } from "../../parity/mean-of.ts";
import { answersOf, pairItems } from "../../parity/pair-items.ts";
import { applicability, sampleOf } from "../../parity/sample-of.ts";

/** What plots show that a comparison does not hold. */
export interface PlottedFigures {
  /** Of each gate with a score: the candidate's less the baseline's, item by item. */
  readonly differences: readonly { readonly gate: GateResult; readonly values: readonly number[] }[];
  /** Of items with both. */
  readonly latencies: { readonly baseline: readonly number[]; readonly candidate: readonly number[] };
  readonly percentiles: readonly {
    readonly name: string;
    readonly baseline: Interval;
    readonly candidate: Interval;
  }[];
}

/** Takes from the measurements what the plots of a comparison show, paired as the comparison was. */
export function figuresToPlot(
  { baseline, candidate, gates, confidence }: Comparison,
  measurements: Iterable<Measurement>,
): PlottedFigures {
  const lines = [...measurements];
  const { items } = pairItems(answersOf(lines), baseline, candidate);
  const applies = applicability(lines);
  const differences = gates
    .filter(({ kind }) => kind === "score")
    .map((gate) => {
      const [settled] = settleGates({
        [gate.name]: { score: gate.subject, better: gate.better, where: gate.where, margin: gate.margin },
      });
      const sample = sampleOf(settled!, items, applies);
      return {
        gate,
        values: sample.candidate.map((figures, place) => meanOf(figures) - meanOf(sample.baseline[place]!)),
      };
    })
    .filter(({ values }) => values.length > 0);

  const latencies = { measure: "latency", margin: 0 } as const;
  const settled = settleGates({ p50: { ...latencies, statistic: "p50" }, p95: { ...latencies, statistic: "p95" } });
  const sample = sampleOf(settled[0]!, items, applies);
  const percentiles = settled.flatMap((gate) => {
    const contest = contestOf(gate, sample);
    return "sides" in contest ? [{ name: gate.name, ...contest.sides(2 * confidence - 1) }] : [];
  });
  return {
    differences,
    latencies: { baseline: sample.baseline.flat(), candidate: sample.candidate.flat() },
    percentiles,
  };
}
