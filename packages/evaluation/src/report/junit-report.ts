import type { Comparison, GateResult, GroupResult } from "../parity/comparison.ts";
import { escapeMarkup } from "./markup.ts";
import { differenceText, intervalText, marginText, missingText, subjectText } from "./words.ts";

/** One case of a suite, and why it is no success. */
interface Case {
  readonly name: string;
  readonly out: string;
  readonly failure?: { readonly type: "fail" | "undecided"; readonly message: string };
}

/**
 * A comparison as JUnit XML, which builds show among their tests: a case for each gate, and one for each group of items and gate.
 *
 * What is undecided is a failure of the type `undecided`: nothing was shown. A group without a verdict is a success, as no group needs one.
 *
 * @example
 * await writeFile("parity.xml", junitReport(comparison));
 */
export function junitReport(comparison: Comparison): string {
  const { baseline, candidate, gates, groups, verdict, reasons } = comparison;
  const name = `${candidate} in place of ${baseline}`;
  const byName = new Map(gates.map((gate) => [gate.name, gate]));
  const suites = [
    suite(`parity: ${name}`, [...gates.map(gateCase), wholeCase(verdict, reasons)]),
    ...(groups.length > 0
      ? [
          suite(
            `parity by group: ${name}`,
            groups.map((group) => groupCase(group, byName.get(group.gate)!)),
          ),
        ]
      : []),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="parity">\n${suites.join("\n")}\n</testsuites>\n`;
}

function gateCase(gate: GateResult): Case {
  const { name, verdict, difference, figures, items } = gate;
  const out = [
    `${subjectText(gate)}: ${marginText(gate)}; ${items} items`,
    ...(difference ? [`difference ${intervalText(difference, (value) => differenceText(value, gate))}`] : []),
    ...(figures ? [`baseline ${figures.baseline.estimate}, candidate ${figures.candidate.estimate}`] : []),
  ].join("\n");
  if (verdict === "pass") return { name, out };
  const message = verdict === "fail" ? `Gate ${name} is missed.` : `Gate ${name} is undecided: ${missingText(gate)}`;
  return { name, out, failure: { type: verdict, message } };
}

function groupCase({ segment, group, gate, items, verdict, difference }: GroupResult, of: GateResult): Case {
  const name = `${gate} where ${segment} is ${group}`;
  const out = `${items} items${difference ? `; difference ${intervalText(difference, (value) => differenceText(value, of))}` : ""}`;
  return verdict === "fail"
    ? { name, out, failure: { type: "fail", message: `Gate ${name} is missed.` } }
    : { name, out };
}

/** That enough was paired, and no group fails. */
function wholeCase(verdict: Comparison["verdict"], reasons: readonly string[]): Case {
  const out = reasons.join("\n");
  return verdict === "pass"
    ? { name: "verdict", out }
    : { name: "verdict", out, failure: { type: verdict, message: reasons[0] ?? verdict } };
}

function suite(name: string, cases: readonly Case[]): string {
  const failures = cases.filter(({ failure }) => failure).length;
  const lines = cases.map(({ name, out, failure }) => {
    const failed = failure ? `<failure type="${failure.type}" message="${xml(failure.message)}"/>` : "";
    return `    <testcase classname="parity" name="${xml(name)}">${failed}<system-out>${xml(out)}</system-out></testcase>`;
  });
  return `  <testsuite name="${xml(name)}" tests="${cases.length}" failures="${failures}" errors="0" skipped="0">\n${lines.join("\n")}\n  </testsuite>`;
}

/** Escaped, and without the characters that XML 1.0 cannot hold in any way (2.2 Characters). */
function xml(text: string): string {
  const allowed = text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
  return escapeMarkup(allowed).replace(/[\n\r\t]/g, (character) => `&#${character.codePointAt(0)};`);
}
