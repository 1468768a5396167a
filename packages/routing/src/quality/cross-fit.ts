import type { Row, Scaling } from "./design.ts";
import { NeighbourSearch, neighboursOf } from "./neighbours.ts";
import { product, ridge, ridgeMatrix } from "./ridge.ts";
import { taskTable } from "./task-table.ts";

/** What is learned from: rows of text, their tasks, and the parts of their scores. */
export interface LearningSet {
  readonly rows: readonly Row[];
  readonly scaling: Scaling;
  readonly taskOf: Int32Array;
  readonly tasks: number;
  readonly values: Float64Array;
  readonly targets: number;
}

/** Penalties of words that are tried: from much learned by heart to little. */
export const penalties: readonly number[] = [2, 6, 20, 60];
/** Of the surface: few figures, each on all texts, so one penalty does. */
export const surfacePenalty = 30;
/** Words by which neighbours are found. */
export const neighbourTerms = 20;

/** What each part expects of items that it has not learned from: `item × targets + target`, without what the table expects. */
export interface CrossFit {
  readonly table: Float64Array;
  /** One for each of {@link penalties}. */
  readonly words: readonly Float64Array[];
  /** What the nearest texts have left after the table. */
  readonly nearest: Float64Array;
}

/**
 * Learns from all folds but one, and expects of that one, in turn.
 *
 * @param foldOf - of each row, its fold
 */
export function crossFit(set: LearningSet, foldOf: Int32Array, folds: number): CrossFit {
  const { rows, values, targets, taskOf, tasks, scaling } = set;
  const table = new Float64Array(values.length);
  const words = penalties.map(() => new Float64Array(values.length));
  const nearest = new Float64Array(values.length);
  const places = Int32Array.from(rows.keys());
  for (let fold = 0; fold < folds; fold++) {
    const learned = places.filter((row) => foldOf[row] !== fold);
    const tested = places.filter((row) => foldOf[row] === fold);
    if (learned.length === 0) continue;
    const means = taskTable(values, targets, learned, taskOf, tasks);
    const left = leftOver(set, learned, means);
    for (const row of tested) {
      const task = taskOf[row]!;
      if (task >= 0)
        for (let target = 0; target < targets; target++)
          table[row * targets + target] = means[task * targets + target]!;
    }
    const learnedRows = Array.from(learned, (row) => rows[row]!);
    const matrix = ridgeMatrix(learnedRows, scaling.rarity.length);
    for (const [which, penalty] of penalties.entries()) {
      const weights = ridge(matrix, left, targets, { words: penalty, surface: surfacePenalty });
      for (const row of tested) product(rows[row]!, weights, words[which]!, row * targets);
    }
    const search = new NeighbourSearch(neighboursOf(learnedRows, neighbourTerms), scaling);
    for (const row of tested)
      search.near(rows[row]!, (neighbour, share) => {
        for (let target = 0; target < targets; target++)
          nearest[row * targets + target]! += share * left[neighbour * targets + target]!;
      });
  }
  return { table, words, nearest };
}

/** What a table leaves of the rows' values: `place in rows × targets + target`. */
export function leftOver(
  { values, targets, taskOf }: LearningSet,
  rows: Int32Array,
  table: Float64Array,
): Float64Array {
  const left = new Float64Array(rows.length * targets);
  for (const [place, row] of rows.entries()) {
    const task = taskOf[row]!;
    for (let target = 0; target < targets; target++)
      left[place * targets + target] =
        values[row * targets + target]! - (task < 0 ? 0 : table[task * targets + target]!);
  }
  return left;
}
