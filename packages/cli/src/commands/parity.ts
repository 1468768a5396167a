import { readFile, writeFile } from "node:fs/promises";
import { ModelError } from "@plugboard/core";
import type { Measurement } from "@plugboard/core";
import type { Gate, GateOptions, Parity } from "@plugboard/evaluation";
import { UsageError, flag, numberOption, textOption } from "../command.ts";
import type { Command, Given } from "../command.ts";
import type { Terminal } from "../terminal.ts";

/** The package that compares, which is loaded when it is needed: other commands start without it. */
type Evaluation = Awaited<ReturnType<typeof loadEvaluation>>;

/** What is compared: measurements, and whose. */
interface Sides {
  readonly lines: readonly Measurement[];
  readonly baseline: string;
  readonly candidate: string;
}

/** `plugboard parity`: whether one model can take another's place, from results that are there. */
export const parityCommand: Command = {
  name: "parity",
  summary: "Say from results whether one model can take another's place: exit code 0 pass, 1 fail, 3 undecided.",
  usage:
    "parity <results.jsonl> [candidate.jsonl] --gate <what:margin> [options]; or parity <dataset> --stop-early --baseline <model> --candidate <model> --gate <what:margin>",
  options: {
    baseline: { type: "string" },
    candidate: { type: "string" },
    gate: { type: "string", short: "g", multiple: true },
    gates: { type: "string" },
    confidence: { type: "string" },
    power: { type: "string" },
    tolerance: { type: "string" },
    segment: { type: "string", multiple: true },
    "stop-early": { type: "boolean" },
    scorer: { type: "string", short: "s", multiple: true },
    results: { type: "string", short: "r" },
    budget: { type: "string" },
    html: { type: "string" },
    markdown: { type: "string" },
    junit: { type: "string" },
    json: { type: "boolean" },
  },
  help: {
    baseline: "the model in use, as the results name it; of two files, the first one's",
    candidate: "the model that may take its place; of two files, the second one's",
    gate: "what must hold, and by how much it may be missed: exact:0.03, latency.p95:10%, refusal:lower:0.02; several may be given",
    gates: "a JSON file with gates by name",
    confidence: "how sure a verdict is; 0.95 unless told",
    power: "how likely the items that are said to be missing should decide; 0.8 unless told",
    tolerance: "share of items that may lack one side before a pass is in doubt; 0.02 unless told",
    segment: "test the groups of this segment alone; several may be given",
    "stop-early": "ask both models, provider/id, a dataset in random order, until all gates pass or one fails",
    scorer: "with --stop-early: as of plugboard eval; exact unless told",
    results: "with --stop-early: a JSONL file for the measurements; one that is there is gone on with",
    budget: "with --stop-early: US dollars that both models may cost together",
    html: "write a page to this file (npm install echarts)",
    markdown: "write Markdown for a pull request to this file",
    junit: "write JUnit XML to this file",
    json: "print the comparison as JSON",
  },
  async run(given, terminal) {
    const { out } = terminal;
    const evaluation = await loadEvaluation();
    const gates = await gatesOf(given, evaluation);
    const segments = given.options["segment"] as readonly string[] | undefined;
    const options: GateOptions = {
      gates,
      ...(segments && { segments }),
      ...numberGiven(given, "confidence"),
      ...numberGiven(given, "power"),
      ...numberGiven(given, "tolerance"),
    };
    const { measurements: lines, ...comparison } = flag(given, "stop-early")
      ? await asked(given, options, evaluation, terminal)
      : await compared(given, options, evaluation);

    const [html, markdown, junit] = ["html", "markdown", "junit"].map((name) => textOption(given, name));
    if (markdown !== undefined) await writeFile(markdown, evaluation.markdownReport(comparison));
    if (junit !== undefined) await writeFile(junit, evaluation.junitReport(comparison));
    if (html !== undefined) await writeFile(html, await evaluation.htmlReport(comparison, lines));
    const json = flag(given, "json");
    out.write(`${json ? JSON.stringify(comparison, undefined, 2) : evaluation.textReport(comparison)}\n`);
    return evaluation.exitCode(comparison);
  },
};

async function compared(given: Given, options: GateOptions, evaluation: Evaluation): Promise<Parity> {
  for (const name of ["scorer", "results", "budget"])
    if (given.options[name] !== undefined)
      throw new UsageError(`--${name} is for models that are asked, with --stop-early.`);
  const { lines, baseline, candidate } = await sidesOf(given, evaluation);
  return { ...evaluation.compare(lines, { ...options, baseline, candidate }), measurements: lines };
}

/** Asks the models, until it is decided. */
async function asked(
  given: Given,
  options: GateOptions,
  { parity, progressBar }: Evaluation,
  { error, signal }: Terminal,
): Promise<Parity> {
  const [path, ...others] = given.words;
  const [baseline, candidate] = [textOption(given, "baseline"), textOption(given, "candidate")];
  if (path === undefined || others.length > 0) throw new UsageError("With --stop-early, name one dataset.");
  if (baseline === undefined || candidate === undefined || baseline === candidate)
    throw new UsageError("With --stop-early, name two models, provider/id: --baseline and --candidate.");
  const { datasetOf, modelsNamed, scorersNamed } = await import("./eval.ts");
  const models = await modelsNamed([baseline, candidate], numberOption(given, "budget"));
  const results = textOption(given, "results");
  return parity<object>(models[baseline]!, models[candidate]!, {
    ...options,
    dataset: datasetOf(path),
    scorers: scorersNamed((given.options["scorer"] ?? []) as readonly string[]),
    stopEarly: true,
    signal,
    onProgress: progressBar({ write: error.write, live: error.colours }),
    ...(results !== undefined && { results }),
  });
}

function loadEvaluation() {
  return import("@plugboard/evaluation");
}

async function gatesOf(given: Given, { parseGate }: Evaluation): Promise<Readonly<Record<string, Gate>>> {
  const lines = (given.options["gate"] ?? []) as readonly string[];
  const path = textOption(given, "gates");
  const gates = { ...(path !== undefined && (await gatesFile(path))), ...Object.fromEntries(lines.map(parseGate)) };
  if (Object.keys(gates).length === 0)
    throw new UsageError("Say what must hold: --gate exact:0.03, or --gates <file>.");
  return gates;
}

async function gatesFile(path: string): Promise<Readonly<Record<string, Gate>>> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Readonly<Record<string, Gate>>;
  } catch (cause) {
    throw new ModelError(`${path} is no JSON file of gates: ${(cause as Error).message}`, { code: "parse", cause });
  }
}

async function sidesOf(given: Given, evaluation: Evaluation): Promise<Sides> {
  const [first, second, ...others] = given.words;
  if (first === undefined || others.length > 0) throw new UsageError("Name one file of results, or two.");
  const before = await read(first, evaluation);
  if (second !== undefined) return twoFiles(given, [first, before], [second, await read(second, evaluation)]);

  const models = [...new Set(before.map(({ model }) => model))];
  const [baseline, candidate] = [textOption(given, "baseline"), textOption(given, "candidate")];
  const other = (named: string | undefined): string | undefined =>
    named !== undefined && models.length === 2 ? models.find((model) => model !== named) : undefined;
  const sides = { baseline: baseline ?? other(candidate), candidate: candidate ?? other(baseline) };
  if (sides.baseline === undefined || sides.candidate === undefined)
    throw new UsageError(`Say which is which, --baseline and --candidate: ${first} has ${models.join(", ")}.`);
  return { lines: before, baseline: sides.baseline, candidate: sides.candidate };
}

/** The same name in both is one model before and after a change, of its prompt say: then their parts tell them apart. */
function twoFiles(
  given: Given,
  [first, before]: readonly [string, readonly Measurement[]],
  [second, after]: readonly [string, readonly Measurement[]],
): Sides {
  const baseline = textOption(given, "baseline") ?? onlyModel(first, before, "baseline");
  const candidate = textOption(given, "candidate") ?? onlyModel(second, after, "candidate");
  if (baseline !== candidate) return { lines: [...before, ...after], baseline, candidate };
  const named = (lines: readonly Measurement[], model: string): readonly Measurement[] =>
    lines.filter((line) => line.model === baseline).map((line) => Object.assign(line, { model }));
  const [old, changed] = [`${baseline} (baseline)`, `${candidate} (candidate)`];
  return { lines: [...named(before, old), ...named(after, changed)], baseline: old, candidate: changed };
}

function onlyModel(path: string, lines: readonly Measurement[], option: string): string {
  const models = [...new Set(lines.map(({ model }) => model))];
  if (models.length === 1) return models[0]!;
  throw new UsageError(`Say which model is meant, --${option}: ${path} has ${models.join(", ") || "none"}.`);
}

async function read(path: string, { measurements }: Evaluation): Promise<readonly Measurement[]> {
  const lines: Measurement[] = [];
  for await (const line of measurements(path)) lines.push(line);
  return lines;
}

function numberGiven(given: Given, name: string): Readonly<Record<string, number>> {
  const value = numberOption(given, name);
  return value === undefined ? {} : { [name]: value };
}
