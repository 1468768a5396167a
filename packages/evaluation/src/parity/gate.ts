import { ModelError } from "@plugboard/core";
import { measures } from "./measures.ts";
import type { Measure, MeasureName, Unit } from "./measures.ts";

/** What a gate compares of the answers: their mean, or a percentile: `p95` is the 95th. */
export type Statistic = "mean" | `p${number}`;

/** How much worse may be: a number in the unit of what is compared, or a share of the baseline's figure, such as `"10%"`. */
export type Margin = number | `${number}%`;

/** What every gate says. */
interface GateTerms {
  /**
   * Which way is better. Of `same`, a candidate must be within the margin in both directions.
   *
   * @default "higher" of scores, "lower" of measures
   */
  readonly better?: "higher" | "lower" | "same";
  /** Of which items alone, by their segments: `{ kind: "safe" }`. @default all items */
  readonly where?: Readonly<Record<string, string>>;
}

/** A gate for what a scorer says: quality, task success, format, tool agreement, refusals, safety. */
export interface ScoreGate extends GateTerms {
  /** The scorer's name. */
  readonly score: string;
  /** By how much the mean score may be worse: 0.03 is 3 points. An answer that is missing for an error has the worst score. */
  readonly margin: number;
}

/** A gate for what an answer takes: time, money, length; or how often there is none. */
export interface MeasureGate extends GateTerms {
  /**
   * - `latency`, `firstContent`: milliseconds, of answers
   * - `cost`: nano-dollars, of calls, failed ones too
   * - `outputTokens`, `length` (characters): of answers
   * - `errors`: the share of calls without an answer
   * - `malformed`: the share of answers that are no value of the schema asked for (errors `parse`), of those and of answers
   * - `refusals`: the share of answers that the provider says it refused or filtered
   */
  readonly measure: MeasureName;
  /** @default "p50" of latency and firstContent, "mean" of the others */
  readonly statistic?: Statistic;
  /** By how much it may be worse. Of `errors`, `malformed` and `refusals`, a number: 0.01 is a point. */
  readonly margin: Margin;
}

/** What a candidate must hold to take the baseline's place, and by how much it may miss it. Plain data: it may stand in a JSON file. */
export type Gate = ScoreGate | MeasureGate;

/** A gate, checked, with all it leaves open filled in. */
export interface SettledGate {
  readonly name: string;
  /** The scorer, or the measure. */
  readonly subject: { readonly score: string } | { readonly measure: Measure };
  readonly better: "higher" | "lower" | "same";
  readonly where: Readonly<Record<string, string>>;
  readonly unit: Unit;
  /** Between 0 and 1; none for the mean. */
  readonly quantile?: number;
  readonly statistic: Statistic;
  /** Whether the margin is a share of the baseline's figure. */
  readonly relative: boolean;
  readonly margin: number;
}

/**
 * Checks gates, and fills in what they leave open.
 *
 * @throws {ModelError} `invalid-request` if there is none, or one says what cannot be
 */
export function settleGates(gates: Readonly<Record<string, Gate>>): readonly SettledGate[] {
  const settled = Object.entries(gates).map(([name, gate]) => settle(name, gate));
  if (settled.length === 0) throw invalid("A comparison needs at least one gate.");
  return settled;
}

function settle(name: string, gate: Gate): SettledGate {
  if (typeof gate !== "object" || gate === null) throw invalid(`Gate ${name} must be an object with a \`margin\`.`);
  const { better, where = {} } = gate;
  if (better !== undefined && better !== "higher" && better !== "lower" && better !== "same")
    throw invalid(`Gate ${name}: \`better\` must be higher, lower or same; it is ${JSON.stringify(better)}.`);
  const { relative, margin } = marginOf(name, gate.margin);
  if ("score" in gate) {
    if (typeof gate.score !== "string") throw invalid(`Gate ${name}: \`score\` must be the name of a scorer.`);
    if ("measure" in gate) throw invalid(`Gate ${name} must have \`score\` or \`measure\`, not both.`);
    if (relative || margin >= 1) throw invalid(`Gate ${name}: the margin of a score must be from 0 to below 1.`);
    checkSame(name, better, margin);
    const subject = { score: gate.score };
    return { name, subject, better: better ?? "higher", where, unit: "share", statistic: "mean", relative, margin };
  }

  const measure = Object.hasOwn(measures, gate.measure) ? measures[gate.measure] : undefined;
  if (!measure) {
    const known = Object.keys(measures).join(", ");
    throw invalid(`Gate ${name}: \`measure\` must be one of ${known}; it is ${JSON.stringify(gate.measure)}.`);
  }
  const { unit } = measure;
  const statistic = gate.statistic ?? (unit === "milliseconds" ? "p50" : "mean");
  if (unit === "share" && (relative || margin >= 1))
    throw invalid(`Gate ${name}: the margin of ${gate.measure} must be a number from 0 to below 1.`);
  if (unit === "share" && statistic !== "mean")
    throw invalid(`Gate ${name}: of ${gate.measure} there is a mean alone.`);
  checkSame(name, better, margin);
  if (relative && better !== "lower" && better !== undefined && margin >= 1)
    throw invalid(`Gate ${name}: a margin of 100% or more leaves nothing that is too little.`);
  const quantile = quantileNamed(name, statistic);
  return {
    name,
    subject: { measure },
    better: better ?? "lower",
    where,
    unit,
    statistic,
    relative,
    margin,
    ...(quantile !== undefined && { quantile }),
  };
}

/** Nothing is shown to be equal to the last digit. */
function checkSame(name: string, better: string | undefined, margin: number): void {
  if (better === "same" && margin === 0) throw invalid(`Gate ${name}: the margin of \`better: same\` must be above 0.`);
}

function marginOf(name: string, margin: unknown): Pick<SettledGate, "relative" | "margin"> {
  const relative = typeof margin === "string" && /^\d+(\.\d+)?%$/.test(margin);
  const value = relative ? Number(margin.slice(0, -1)) / 100 : margin;
  if (typeof value === "number" && value >= 0 && Number.isFinite(value)) return { relative, margin: value };
  throw invalid(
    `Gate ${name}: \`margin\` must be a number of at least 0, or a share such as "10%"; it is ${JSON.stringify(margin)}.`,
  );
}

function quantileNamed(name: string, statistic: Statistic): number | undefined {
  if (statistic === "mean") return undefined;
  const quantile = /^p\d{1,2}(\.\d+)?$/.test(statistic) ? Number(statistic.slice(1)) / 100 : 0;
  if (quantile > 0 && quantile < 1) return quantile;
  throw invalid(`Gate ${name}: \`statistic\` must be mean or p1 to p99; it is ${JSON.stringify(statistic)}.`);
}

function invalid(message: string): ModelError {
  return new ModelError(message, { code: "invalid-request" });
}
