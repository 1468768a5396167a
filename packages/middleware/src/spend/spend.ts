import { ModelError } from "@plugboard/core";
import type { Ledger, NanoDollars, SpendRow } from "@plugboard/core";

/** What to report. */
export interface SpendOptions {
  /**
   * What to have a row for each of: labels that attempts are booked under (the tags that a budget's `labels` name, `provider`, `model`),
   * and `day` and `month`, in UTC. @default one row for all
   */
  readonly by?: readonly string[];
  /** The first UTC day: `2026-11-01`. @default the first of the month that `to` is in */
  readonly from?: string;
  /** The last UTC day, included. @default today */
  readonly to?: string;
}

/** What was spent by one of those that were asked for. */
export interface SpendTotal {
  /** What it is the sum of, in the order of `by`: `{ feature: "chat", model: "gpt-4o" }`; an empty text where an attempt had no such tag. */
  readonly by: Readonly<Record<string, string>>;
  /** How many were booked. */
  readonly attempts: number;
  /** Of `attempts`: allowed though their price was not known, so their cost may be missing in the amounts. */
  readonly unpriced: number;
  /** Settled, in nano-dollars, as are the other amounts. */
  readonly spent: NanoDollars;
  /** Charged in full since the lease ran out: the process died, or could not book for long. */
  readonly assumed: NanoDollars;
  /** `spent` and `assumed`. */
  readonly total: NanoDollars;
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/**
 * What was spent, by tag, model, provider, day or month: by days and months as they come, otherwise the dearest first. What is held for
 * attempts under way is not in it. The rows are plain data: `JSON.stringify` writes them, and `spendAsCsv`.
 *
 * @throws {ModelError} `invalid-request` for a day that is none, or for one name twice
 * @example
 * const rows = await spend(ledger, { by: ["month", "feature", "model"], from: "2026-10-01", to: "2026-11-30" });
 * for (const { by, total } of rows) console.log(by.month, by.feature, by.model, total / 1e9);
 */
export async function spend(
  ledger: Pick<Ledger, "report">,
  options: SpendOptions = {},
): Promise<readonly SpendTotal[]> {
  const { by = [], to = new Date().toISOString().slice(0, 10) } = options;
  const { from = `${to.slice(0, 7)}-01` } = options;
  if (new Set(by).size < by.length) {
    throw new ModelError(`\`by\` must name each label once; it is ${JSON.stringify(by)}.`, { code: "invalid-request" });
  }
  const totals = new Map<string, Writable<SpendTotal>>();
  for (const row of await ledger.report(from, to)) add(totals, row, by);
  return [...totals.values()].toSorted((a, b) => compare(a, b, by));
}

function add(totals: Map<string, Writable<SpendTotal>>, row: SpendRow, by: readonly string[]): void {
  const values = by.map((name) => valueOf(row, name));
  const name = JSON.stringify(values);
  let total = totals.get(name);
  if (!total) {
    const named = Object.fromEntries(by.map((name, place) => [name, values[place]!]));
    totals.set(name, (total = { by: named, attempts: 0, unpriced: 0, spent: 0, assumed: 0, total: 0 }));
  }
  total.attempts += row.attempts;
  if (row.labels["unpriced"] === "true") total.unpriced += row.attempts;
  total.spent += row.spent;
  total.assumed += row.assumed;
  total.total += row.spent + row.assumed;
}

function valueOf({ day, labels }: SpendRow, name: string): string {
  if (name === "day") return day;
  return name === "month" ? day.slice(0, 7) : (labels[name] ?? "");
}

function compare(a: SpendTotal, b: SpendTotal, by: readonly string[]): number {
  for (const name of ["month", "day"]) {
    if (by.includes(name) && a.by[name] !== b.by[name]) return a.by[name]! < b.by[name]! ? -1 : 1;
  }
  if (a.total !== b.total) return b.total - a.total;
  const name = by.find((name) => a.by[name] !== b.by[name]);
  return name === undefined || a.by[name]! < b.by[name]! ? -1 : 1;
}
