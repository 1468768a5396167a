import { checkPaired, checkShare } from "../check.ts";
import { normalQuantile } from "../distributions/normal.ts";
import type { ConfidenceOptions, Interval } from "../interval.ts";

/** Two judges' labels of the same items. */
export interface KappaOptions extends ConfidenceOptions {
  readonly first: readonly (string | number)[];
  readonly second: readonly (string | number)[];
  /**
   * How much a disagreement weighs: all the same, or by distance, or by its square, along `categories`.
   *
   * @default "none"
   */
  readonly weights?: "none" | "linear" | "quadratic";
  /** All labels, in order. @default the labels that occur, numbers by size and texts by alphabet */
  readonly categories?: readonly (string | number)[];
}

/**
 * Cohen's kappa: how much two judges agree beyond what chance gives, 1 at most.
 *
 * `(Σ v p − Σ v p_e) / (1 − Σ v p_e)` over the table of labels, v being the weight of agreement (Cohen 1960 and 1968), with the standard error of
 * Fleiss, Cohen and Everitt (Large sample standard errors of kappa and weighted kappa, Psychol. Bull. 72, 1969).
 *
 * @throws {RangeError} if the labels are not paired, fewer than 2, not among the categories, or all the same
 * @example
 * cohenKappa({ first: ["yes", "no", "yes"], second: ["yes", "no", "no"] }); // estimate 0.4
 */
export function cohenKappa({ first, second, weights = "none", confidence = 0.95, ...options }: KappaOptions): Interval {
  checkPaired("first", first, "second", second);
  checkShare("confidence", confidence);
  if (first.length < 2) throw new RangeError(`\`first\` must hold 2 or more labels; it holds ${first.length}.`);
  const categories = options.categories ?? inOrder(new Set([...first, ...second]));
  const places = new Map(categories.map((category, place) => [category, place]));
  const size = categories.length;
  if (size < 2) throw new RangeError("`first` and `second` are all one label: agreement beyond chance is not defined.");

  const table = categories.map(() => Array.from({ length: size }, () => 0));
  for (const [item, label] of first.entries()) {
    const [row, column] = [places.get(label), places.get(second[item]!)];
    if (row === undefined || column === undefined)
      throw new RangeError(`\`categories\` lacks ${JSON.stringify(row === undefined ? label : second[item])}.`);
    table[row]![column]! += 1;
  }
  const shares = table.map((row) => row.map((count) => count / first.length));
  const { kappa, variance } = kappaOf(shares, (distance) => weightOf(weights, distance, size - 1));
  const half = normalQuantile((1 + confidence) / 2) * Math.sqrt(variance / first.length);
  return { estimate: kappa, lower: Math.max(-1, kappa - half), upper: Math.min(1, kappa + half), confidence };
}

/** How much it counts as agreement. */
function weightOf(weights: "none" | "linear" | "quadratic", distance: number, most: number): number {
  if (weights === "none") return distance === 0 ? 1 : 0;
  return 1 - (distance / most) ** (weights === "linear" ? 1 : 2);
}

function kappaOf(
  table: readonly (readonly number[])[],
  weight: (distance: number) => number,
): { readonly kappa: number; readonly variance: number } {
  const rows = table.map((row) => row.reduce((sum, share) => sum + share, 0));
  const columns = table.map((_, column) => table.reduce((sum, row) => sum + row[column]!, 0));
  const rowWeights = rows.map((_, row) =>
    columns.reduce((sum, share, place) => sum + share * weight(Math.abs(row - place)), 0),
  );
  const columnWeights = columns.map((_, column) =>
    rows.reduce((sum, share, place) => sum + share * weight(Math.abs(column - place)), 0),
  );
  let observed = 0;
  for (const [row, shares] of table.entries())
    for (const [column, share] of shares.entries()) observed += share * weight(Math.abs(row - column));
  const expected = rows.reduce((sum, share, row) => sum + share * rowWeights[row]!, 0);
  if (expected > 1 - 1e-12)
    throw new RangeError("Both judges gave one label only: agreement beyond chance is not defined.");

  const kappa = (observed - expected) / (1 - expected);
  let squares = 0;
  for (const [row, shares] of table.entries())
    for (const [column, share] of shares.entries()) {
      const part = weight(Math.abs(row - column)) - (rowWeights[row]! + columnWeights[column]!) * (1 - kappa);
      squares += share * part ** 2;
    }
  const variance = Math.max(0, squares - (kappa - expected * (1 - kappa)) ** 2) / (1 - expected) ** 2;
  return { kappa, variance };
}

function inOrder(labels: ReadonlySet<string | number>): (string | number)[] {
  return [...labels].toSorted((left, right) =>
    typeof left === "number" && typeof right === "number" ? left - right : String(left) < String(right) ? -1 : 1,
  );
}
