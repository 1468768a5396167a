import { count, differenceText, earlyText, intervalText, marginText, missingText, subjectText } from "./words.ts";
import type { Comparison } from "../parity/comparison.ts";

/**
 * A comparison as lines of text: for a terminal, and for what a test says when it fails.
 *
 * @example
 * console.log(textReport(comparison));
 */
export function textReport(comparison: Comparison): string {
  const { verdict, baseline, candidate, items, gates, reasons, regressions, early } = comparison;
  const lines = gates.map((gate) => {
    const { name, difference } = gate;
    const shown = difference ? intervalText(difference, (value) => differenceText(value, gate)) : "no figure";
    const decide = missingText(gate);
    const what = `${gate.verdict.padEnd(9)}  ${name}: ${subjectText(gate)} ${shown}; allowed: ${marginText(gate)}`;
    return `  ${what}; ${count(gate.items, "item")}${decide === "" ? "" : `; ${decide}`}`;
  });
  const worst = regressions.slice(0, 5).map(({ item }) => item);
  return [
    `${verdict}: ${candidate} in place of ${baseline}, by ${count(items, "item")}`,
    ...lines,
    ...reasons.map((reason) => `  ${reason}`),
    ...(early ? [`  ${earlyText(early)}`] : []),
    ...(worst.length > 0 ? [`  Fell most: ${worst.join(", ")}`] : []),
  ].join("\n");
}
