import type { Comparison, GateResult, GroupResult, Regression, ShownAnswer } from "../parity/comparison.ts";
import type { Verdict } from "../parity/contest.ts";
import {
  count,
  differenceText,
  earlyText,
  figureText,
  intervalText,
  marginText,
  missingText,
  percent,
  subjectText,
  verdictWords,
} from "./words.ts";

/** What the Markdown shows. */
export interface MarkdownOptions {
  /** How many regressions, with what both models said. @default 5 */
  readonly regressions?: number;
  /** Characters of an answer at most. @default 1000 */
  readonly answer?: number;
}

const signs: Readonly<Record<Verdict, string>> = { pass: "✅", fail: "❌", undecided: "❔" };

/**
 * A comparison as Markdown, for the comment on a pull request.
 *
 * What models said stands in fences that it cannot close, and names in code spans: nobody is mentioned, linked or shown a picture by it.
 *
 * @example
 * await writeFile("parity.md", markdownReport(comparison));
 */
export function markdownReport(
  comparison: Comparison,
  { regressions = 5, answer = 1000 }: MarkdownOptions = {},
): string {
  const { verdict, baseline, candidate, reasons, gates, groups, confidence, items } = comparison;
  const shown = comparison.regressions.slice(0, regressions);
  const blocks = [
    `## ${signs[verdict]} Parity: ${verdict}`,
    `${code(candidate)} in place of ${code(baseline)} ${verdictWords[verdict]}, by ${count(items, "item")}.`,
    reasons.map((reason) => `- ${escapeText(reason)}`).join("\n"),
    gateTable(gates),
    groupTable(groups.filter(({ verdict }) => verdict === "fail")),
    ...coverageNotes(comparison),
    shown.length > 0
      ? `<details><summary>${count(comparison.regressed, "item")} became worse; the worst ${shown.length}</summary>\n\n${shown.map((regression) => regressionText(regression, answer)).join("\n\n")}\n\n</details>`
      : "",
    `<sub>Intervals of ${percent(2 * confidence - 1)}: each end by itself holds with ${percent(confidence)}. A gate passes when its whole interval is within the margin.</sub>`,
  ];
  return `${blocks.filter(Boolean).join("\n\n")}\n`;
}

function gateTable(gates: readonly GateResult[]): string {
  const rows = gates.map((gate) => [
    `${signs[gate.verdict]} ${code(gate.name)}`,
    code(subjectText(gate)),
    marginText(gate),
    gate.figures ? figureText(gate.figures.baseline.estimate, gate.unit) : "",
    gate.figures ? figureText(gate.figures.candidate.estimate, gate.unit) : "",
    gate.difference ? intervalText(gate.difference, (value) => differenceText(value, gate)) : "",
    String(gate.items),
    escapeText(missingText(gate)),
  ]);
  return table(["gate", "of", "margin", "baseline", "candidate", "difference", "items", "to decide"], rows);
}

function groupTable(groups: readonly GroupResult[]): string {
  if (groups.length === 0) return "";
  const rows = groups.map(({ segment, group, gate, items }) => [
    code(`${segment}: ${group}`),
    code(gate),
    String(items),
  ]);
  return `Groups that miss a gate, after correction for all that were tested:\n\n${table(["group", "gate", "items"], rows)}`;
}

function coverageNotes({ coverage, baseline, candidate, models, early }: Comparison): readonly string[] {
  const { onlyBaseline, onlyCandidate, untestedSegments } = coverage;
  const notes: string[] = early ? [earlyText(early)] : [];
  for (const [model, names] of [
    [baseline, onlyBaseline],
    [candidate, onlyCandidate],
  ] as const) {
    if (names.count > 0)
      notes.push(
        `Only ${code(model)} was asked ${count(names.count, "item")}: ${names.first.map(code).join(", ")}${names.count > names.first.length ? ", …" : ""}.`,
      );
  }
  for (const { model, errors } of models.slice(0, 2)) {
    const kinds = Object.entries(errors).map(([kind, times]) => `${code(kind)} × ${times}`);
    if (kinds.length > 0) notes.push(`${code(model)} gave no answer: ${kinds.join(", ")}.`);
  }
  if (untestedSegments.length > 0) notes.push(`Not tested by group: ${untestedSegments.map(code).join(", ")}.`);
  return notes;
}

function regressionText({ item, prompt, drops, baseline, candidate }: Regression, most: number): string {
  const fell = drops.map(
    ({ gate, ...scores }) => `${code(gate)} from ${round(scores.baseline)} to ${round(scores.candidate)}`,
  );
  return [
    `**${code(item)}** ${fell.join(", ")}`,
    prompt === undefined ? "" : fenced(clipped(prompt, most)),
    `Baseline:\n\n${fenced(clipped(answerText(baseline), most))}`,
    `Candidate:\n\n${fenced(clipped(answerText(candidate), most))}`,
  ]
    .filter(Boolean)
    .join("\n\n");
}

function answerText({ output, error }: ShownAnswer): string {
  return error ? `(${error.code}: ${error.message})` : (output ?? "(not kept)");
}

function table(names: readonly string[], rows: readonly (readonly string[])[]): string {
  return [names, names.map(() => "---"), ...rows].map(tableLine).join("\n");
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** A code span, which no line end leaves, with more backticks around it than are in it. */
function code(text: string): string {
  const flat = text.replace(/[\s\u2028\u2029]+/g, " ");
  const ticks = "`".repeat(longest(flat) + 1);
  return flat.includes("`") ? `${ticks} ${flat} ${ticks}` : `${ticks}${flat || " "}${ticks}`;
}

function fenced(text: string): string {
  const ticks = "`".repeat(Math.max(3, longest(text) + 1));
  return `${ticks}text\n${text}\n${ticks}`;
}

/** The longest run of backticks. */
function longest(text: string): number {
  let most = 0;
  for (const [run] of text.matchAll(/`+/g)) most = Math.max(most, run.length);
  return most;
}

/** Sentences of ours hold names of gates and groups, which the application chose and data may have. */
function escapeText(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>()#+!|~@&:]/g, (character) => `&#${character.codePointAt(0)};`)
    .replace(/\s+/g, " ");
}

function clipped(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}\n… ${count(text.length - most, "more character")}` : text;
}

function round(score: number): string {
  return String(Number(score.toFixed(3)));
}
