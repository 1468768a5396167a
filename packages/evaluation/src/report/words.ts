import type { Interval } from "@plugboard/statistics";
import type { EarlyEnd, GateResult } from "../parity/comparison.ts";
import type { Verdict } from "../parity/contest.ts";
import type { Unit } from "../parity/measures.ts";

/** What a verdict says of the candidate, in words that claim no more than was shown. */
export const verdictWords: Readonly<Record<Verdict, string>> = {
  pass: "holds every gate",
  fail: "misses a gate",
  undecided: "is not decided yet",
};

/** A figure in its unit: `82.5 %`, `1.24 s`, `$0.0031`. */
export function figureText(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? "−∞" : "unknown";
  if (unit === "share") return `${fixed(100 * value, 1)} %`;
  if (unit === "nano-dollars") return `${value < 0 ? "−" : ""}$${significant(Math.abs(value) / 1e9)}`;
  if (unit !== "milliseconds") return `${significant(value)} ${unit}`;
  return Math.abs(value) >= 1000 ? `${significant(value / 1000)} s` : `${significant(value)} ms`;
}

/** A difference with its sign, in points, units or percent of the baseline's figure. */
export function differenceText(value: number, { unit, relative }: Pick<GateResult, "unit" | "relative">): string {
  const text = differenceOf(value, unit, relative);
  return value > 0 && /[1-9∞]/.test(text) ? `+${text}` : text;
}

function differenceOf(value: number, unit: Unit, relative: boolean): string {
  if (!Number.isFinite(value)) return figureText(value, unit);
  if (relative) return `${fixed(100 * value, 1)} %`;
  return unit === "share" ? `${fixed(100 * value, 1)} points` : figureText(value, unit);
}

/** Where an interval ends: `−1.9 to +1.1 points`; the unit stands once where both ends have the same. */
export function rangeText({ lower, upper }: Interval, text: (value: number) => string): string {
  const [from, to] = [text(lower), text(upper)];
  const unit = / \S+$/.exec(to)?.[0];
  return `${unit !== undefined && from.endsWith(unit) ? from.slice(0, -unit.length) : from} to ${to}`;
}

/** An estimate with its interval: `−0.4 points (−1.9 to +1.1 points)`. */
export function intervalText(interval: Interval, text: (value: number) => string): string {
  return `${text(interval.estimate)} (${rangeText(interval, text)})`;
}

/** What a gate asks: `at most 3 points lower`. */
export function marginText({ better, margin, relative, unit }: GateResult): string {
  const size = differenceOf(margin, unit, relative).replace(/\.0(?= )/, "");
  if (better === "same") return `within ±${size}`;
  if (margin === 0) return better === "higher" ? "not lower" : "not higher";
  return better === "higher" ? `at most ${size} lower` : `at most ${size} higher`;
}

/** What a gate compares: `p95 of latency`, `exact where kind is safe`. */
export function subjectText({ subject, statistic, where }: GateResult): string {
  const groups = Object.entries(where).map(([segment, group]) => `${segment} is ${group}`);
  const what = statistic === "mean" ? subject : `${statistic} of ${subject}`;
  return groups.length > 0 ? `${what} where ${groups.join(" and ")}` : what;
}

/** What would decide a gate, or why it is not decided. */
export function missingText({ verdict, missing, reason }: Pick<GateResult, "verdict" | "missing" | "reason">): string {
  if (verdict !== "undecided") return "";
  if (reason !== undefined) return reason;
  return missing === undefined ? "too near the margin to tell" : `about ${count(missing, "more item")} would decide`;
}

/** `1 item`, `1,200 items`. */
export function count(number: number, word: string): string {
  return `${number.toLocaleString("en-US")} ${word}${number === 1 ? "" : "s"}`;
}

/** A share of confidence: `90 %`. */
export function percent(share: number): string {
  return `${fixed(100 * share, 1).replace(/\.0$/, "")} %`;
}

function fixed(value: number, digits: number): string {
  return signed(value.toFixed(digits));
}

function significant(value: number): string {
  return signed(Number(value.toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 10 }));
}

/** With a true minus sign, and no minus of nothing. */
function signed(text: string): string {
  return /^-0(\.0+)?$/.test(text) ? text.slice(1) : text.replace("-", "−");
}

/** What it saved to stop early, as a sentence. */
export function earlyText({ rows, saved }: EarlyEnd): string {
  if (saved === 0) return `It might stop early, and all ${count(rows, "row")} were asked.`;
  return `It stopped early: nobody was asked ${saved.toLocaleString("en-US")} of ${count(rows, "row")}.`;
}
