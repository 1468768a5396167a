import type { Measurement } from "@plugboard/core";
import type { Regression, ShownAnswer } from "./comparison.ts";
import type { SettledGate } from "./gate.ts";
import { meanOf } from "./mean-of.ts";
import type { PairedItem } from "./pair-items.ts";
import { worstScore } from "./sample-of.ts";
import type { Sample } from "./sample-of.ts";

/** A gate, and what it compared. */
export interface GateSample {
  readonly gate: SettledGate;
  readonly sample: Sample;
}

/** A score that fell. */
interface Drop {
  readonly gate: SettledGate;
  readonly score: string;
  readonly baseline: number;
  readonly candidate: number;
  readonly fall: number;
}

/** The items that became worse by some score, the worst first; those that fell as far in the order of their names. */
export function regressionsOf(samples: readonly GateSample[]): readonly (() => Regression)[] {
  const byItem = new Map<PairedItem, Drop[]>();
  for (const { gate, sample } of samples) {
    if (!("score" in gate.subject) || gate.better === "same") continue;
    const sign = gate.better === "higher" ? 1 : -1;
    for (const [place, item] of sample.items.entries()) {
      const [baseline, candidate] = [meanOf(sample.baseline[place]!), meanOf(sample.candidate[place]!)];
      const fall = sign * (baseline - candidate);
      if (fall <= 0) continue;
      const drops = byItem.get(item) ?? [];
      drops.push({ gate, score: gate.subject.score, baseline, candidate, fall });
      byItem.set(item, drops);
    }
  }
  for (const drops of byItem.values()) drops.sort((left, right) => right.fall - left.fall);
  return [...byItem]
    .toSorted(([{ item }, [drop]], [{ item: other }, [otherDrop]]) =>
      otherDrop!.fall === drop!.fall ? (item < other ? -1 : 1) : otherDrop!.fall - drop!.fall,
    )
    .map(
      ([item, drops]) =>
        () =>
          shown(item, drops),
    );
}

function shown({ item, segments, baseline, candidate }: PairedItem, drops: readonly Drop[]): Regression {
  const { gate, score } = drops[0]!;
  const best = gate.better === "higher" ? 1 : -1;
  const worth = ({ error, scores }: Measurement): number => best * (error ? worstScore(gate) : (scores[score] ?? 0));
  const prompt = [...baseline, ...candidate].find(({ prompt }) => prompt !== undefined)?.prompt;
  return {
    item,
    ...(prompt !== undefined && { prompt }),
    segments,
    drops: drops.map(({ gate, baseline, candidate }) => ({ gate: gate.name, baseline, candidate })),
    baseline: answerOf(most(baseline, worth)),
    candidate: answerOf(most(candidate, (measurement) => -worth(measurement))),
  };
}

function answerOf({ output, error }: Measurement): ShownAnswer {
  return { ...(output !== undefined && { output }), ...(error && { error }) };
}

function most(measurements: readonly Measurement[], worth: (measurement: Measurement) => number): Measurement {
  let best = measurements[0]!;
  for (const measurement of measurements) if (worth(measurement) > worth(best)) best = measurement;
  return best;
}
