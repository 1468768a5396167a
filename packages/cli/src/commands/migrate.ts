import { writeFile } from "node:fs/promises";
import type { Feature, MigrationStatus, MigrationStep } from "@plugboard/evaluation/feature";
import { UsageError, flag, numberOption, textOption } from "../command.ts";
import type { Command, Given } from "../command.ts";
import { featureOf } from "../feature-module.ts";
import type { Terminal } from "../terminal.ts";

/** `plugboard migrate`: whether a feature can move to another of its models, and the evidence of it. */
export const migrateCommand: Command = {
  name: "migrate",
  summary:
    "Show whether a feature can move to another model, and keep the evidence: exit code 0 pass, 1 fail, 3 undecided.",
  usage: "migrate <feature.ts> --to <model> [options]; migrate <feature.ts> --status",
  options: {
    to: { type: "string" },
    from: { type: "string" },
    feature: { type: "string" },
    evidence: { type: "string" },
    status: { type: "boolean" },
    results: { type: "string", short: "r" },
    concurrency: { type: "string" },
    html: { type: "string" },
    markdown: { type: "string" },
    junit: { type: "string" },
    json: { type: "boolean" },
  },
  help: {
    to: "the model that may take the place, by its name in the feature",
    from: "the model in use; the feature's first unless told",
    feature: "the name of the feature, where the module exports several",
    evidence: "the JSON file of evidence; <feature>.migration.json beside the module unless told",
    status: "say where the migration stands and what is next; nobody is asked. 0 shown, 1 not shown, 3 undecided",
    results: "a JSONL file for the measurements; one that is there is gone on with",
    concurrency: "how many answers are under way at once; 8 unless told",
    html: "write a page to this file (npm install echarts)",
    markdown: "write Markdown for a pull request to this file",
    junit: "write JUnit XML to this file",
    json: "print the step of the evidence, or the status, as JSON",
  },
  async run(given, terminal) {
    const [path, ...others] = given.words;
    if (path === undefined || others.length > 0) throw new UsageError("Name one module that exports a feature.");
    const feature = await featureOf(path, textOption(given, "feature"));
    const evidence = textOption(given, "evidence") ?? path.replace(/(\.[cm]?[jt]s)?$/, ".migration.json");
    return flag(given, "status")
      ? status(feature, evidence, given, terminal)
      : migrate(feature, evidence, given, terminal);
  },
};

async function migrate(
  feature: Feature,
  path: string,
  given: Given,
  { out, error, signal }: Terminal,
): Promise<number> {
  const to = textOption(given, "to");
  if (to === undefined) {
    const known = Object.keys(feature.models).join(", ");
    throw new UsageError(`Say which model is to take the place, --to; the feature "${feature.name}" has ${known}.`);
  }
  const evaluation = await import("@plugboard/evaluation");
  const [from, results] = [textOption(given, "from"), textOption(given, "results")];
  const concurrency = numberOption(given, "concurrency");
  const { step, measurements, ...comparison } = await evaluation.migrate(feature, {
    to,
    evidence: path,
    signal,
    onProgress: evaluation.progressBar({ write: error.write, live: error.colours }),
    ...(from !== undefined && { from }),
    ...(results !== undefined && { results }),
    ...(concurrency !== undefined && { concurrency }),
  });
  const [html, markdown, junit] = ["html", "markdown", "junit"].map((name) => textOption(given, name));
  if (markdown !== undefined) await writeFile(markdown, evaluation.markdownReport(comparison));
  if (junit !== undefined) await writeFile(junit, evaluation.junitReport(comparison));
  if (html !== undefined) await writeFile(html, await evaluation.htmlReport(comparison, measurements));
  out.write(`${flag(given, "json") ? JSON.stringify(step, undefined, 2) : evaluation.textReport(comparison)}\n`);
  error.write(`The evidence is in ${path}.\n`);
  return evaluation.exitCode(comparison);
}

async function status(feature: Feature, path: string, given: Given, { out }: Terminal): Promise<number> {
  const { migrationStatus, readEvidence } = await import("@plugboard/evaluation/feature");
  const evidence = await readEvidence(path);
  if (!evidence) {
    const next = "Run parity: nothing has been shown yet.";
    const none = { feature: feature.name, isShown: false, next };
    out.write(flag(given, "json") ? `${JSON.stringify(none, undefined, 2)}\n` : `${feature.name}: ${next}\n`);
    return 3;
  }
  if (evidence.feature !== feature.name)
    throw new UsageError(
      `${path} is about the feature ${evidence.feature}, not ${feature.name}; name another, --evidence.`,
    );
  const found = await migrationStatus(feature, evidence);
  out.write(flag(given, "json") ? `${JSON.stringify(found, undefined, 2)}\n` : asText(found));
  if (found.isShown) return 0;
  return found.last?.verdict === "fail" && found.stale === undefined ? 1 : 3;
}

function asText({ feature, from, to, last, stale, next }: MigrationStatus): string {
  const lines = [`${feature}: from ${from} to ${to}`];
  if (last) lines.push(...whatCame(last).map((line) => `  ${line}`));
  if (stale !== undefined) lines.push(`  ${stale}`);
  return `${[...lines, next].join("\n")}\n`;
}

function whatCame(step: MigrationStep): readonly string[] {
  const { type, at, verdict } = step;
  const what = `${type} of ${at}: ${verdict}`;
  if (type === "parity") return [`${what}, by ${step.items} items of ${step.dataset.rows} rows`, ...step.reasons];
  if (type === "shadow") return [`${what}, by ${step.state.pairs} pairs`];
  return [what, ...step.state.history.map(({ at: when, share, why }) => `${when}: ${100 * share} %. ${why}`)];
}
