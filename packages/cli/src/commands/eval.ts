import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ModelError } from "@plugboard/core";
import type { Model } from "@plugboard/core";
import {
  contains,
  csv,
  evaluate,
  exact,
  firstContent,
  jsonDifference,
  jsonl,
  latency,
  length,
  noPii,
  normalised,
  notToxic,
  numeric,
  price,
  progressBar,
  recorded,
  refusal,
  similarity,
  throughput,
  toolCalls,
} from "@plugboard/evaluation";
import type { EvaluationSummary, MeanScore, RowSource, Scorer, TypedEvaluation } from "@plugboard/evaluation";
import { budget, cost, retry } from "plugboard";
import { UsageError, flag, numberOption, textOption } from "../command.ts";
import type { Command, Given } from "../command.ts";
import { modelNamed } from "../model-named.ts";
import { table } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** Scorers that need no more than a row of the usual shape. */
const scorers: Readonly<Record<string, () => Scorer>> = {
  exact,
  normalised,
  numeric,
  contains,
  similarity,
  jsonDifference,
  toolCalls,
  refusal,
  noPii,
  notToxic,
  recorded,
  latency,
  firstContent,
  throughput,
  price,
  length,
};

type Options = TypedEvaluation<object>;

/** `plugboard eval`: asks models a dataset and scores what they answer. */
export const evalCommand: Command = {
  name: "eval",
  summary: "Ask models a dataset and score what they answer; or score answers that it carries.",
  usage: "eval <dataset.jsonl|dataset.csv|evaluation.ts> [options]",
  options: {
    model: { type: "string", short: "m", multiple: true },
    scorer: { type: "string", short: "s", multiple: true },
    results: { type: "string", short: "r" },
    repeats: { type: "string" },
    concurrency: { type: "string" },
    budget: { type: "string" },
    "skip-bad-rows": { type: "boolean" },
    json: { type: "boolean" },
  },
  help: {
    model: "provider/id, several times for several; without any, the answers that rows carry are scored",
    scorer: `one of ${Object.keys(scorers).join(", ")}; several may be given; exact unless told`,
    results: "a JSONL file for the measurements; one that is there is gone on with",
    repeats: "how often each model is asked each item",
    concurrency: "how many answers are under way at once; 8 unless told",
    budget: "US dollars that the models may cost together",
    "skip-bad-rows": "pass over rows that are not what they must be, and say which",
    json: "what was found, as JSON",
  },
  async run(given, terminal) {
    const { out, error, signal } = terminal;
    const [path, ...more] = given.words;
    if (path === undefined || more.length > 0)
      throw new UsageError("Give one dataset, or a module with an evaluation.");
    const isModule = /\.[cm]?[jt]s$/.test(path);
    if (isModule && ["model", "scorer", "budget"].some((name) => given.options[name] !== undefined))
      throw new UsageError("--model, --scorer and --budget are of datasets; a module says them itself.");
    const options = isModule ? await fromModule(path) : await fromFile(path, given);
    const summary = await evaluate<object>({
      ...options,
      ...fromLine(given, terminal),
      signal,
      onProgress: progressBar({ write: error.write, live: error.colours }),
    }).result();
    out.write(flag(given, "json") ? `${JSON.stringify(summary, undefined, 2)}\n` : asTable(summary));
    const models = Object.values(summary.models);
    if (models.length === 0) error.write("Nothing was measured: give --model, or rows that carry answers.\n");
    return models.length > 0 && models.every(({ failed }) => failed === 0) ? 0 : 1;
  },
};

/** What the line says, which outweighs a module. */
function fromLine(given: Given, { error }: Terminal): Partial<Options> {
  const results = textOption(given, "results");
  const [repeats, concurrency] = [numberOption(given, "repeats"), numberOption(given, "concurrency")];
  return {
    ...(results !== undefined && { results }),
    ...(repeats !== undefined && { repeats }),
    ...(concurrency !== undefined && { concurrency }),
    ...(flag(given, "skip-bad-rows") && {
      badRows: "skip" as const,
      onBadRow: (sentence: string) => error.write(`passed over: ${sentence}\n`),
    }),
  };
}

/** The default export of a module: what `evaluate` takes, with schemas, prompts and scorers of its own. */
async function fromModule(path: string): Promise<Options> {
  const { default: options } = (await import(pathToFileURL(resolve(path)).href)) as { readonly default?: Options };
  if (typeof options === "object" && "dataset" in options && "scorers" in options) return options;
  throw new ModelError(
    `${path} must export by default what \`evaluate\` takes: an object with \`dataset\` and \`scorers\`.`,
    {
      code: "invalid-request",
    },
  );
}

async function fromFile(path: string, given: Given): Promise<Options> {
  const names = listOption(given, "model");
  const models = names.length > 0 ? { models: await modelsNamed(names, numberOption(given, "budget")) } : {};
  return { dataset: datasetOf(path), scorers: scorersNamed(listOption(given, "scorer")), ...models };
}

/** A file of rows, by what its name ends in. */
export function datasetOf(path: string): RowSource {
  if (/\.(?:jsonl|ndjson)(?:\.gz)?$/.test(path)) return jsonl(path);
  if (/\.csv(?:\.gz)?$/.test(path)) return csv(path);
  throw new UsageError(`A dataset is a .jsonl or a .csv, packed (.gz) or not; this is ${JSON.stringify(path)}.`);
}

/** Models by their names, which may together cost so many dollars. */
export async function modelsNamed(
  names: readonly string[],
  usd: number | undefined,
): Promise<Readonly<Record<string, Model>>> {
  const limit = usd === undefined ? [] : [budget({ limit: { usd } })];
  const models = names.map(async (name) => [name, (await modelNamed(name)).with(cost(), ...limit, retry())] as const);
  return Object.fromEntries(await Promise.all(models));
}

/** Scorers by their names; `exact` unless told. */
export function scorersNamed(names: readonly string[]): readonly Scorer[] {
  return (names.length > 0 ? names : ["exact"]).map((name) => {
    const scorer = scorers[name];
    if (scorer) return scorer();
    throw new UsageError(`--scorer must be one of ${Object.keys(scorers).join(", ")}; it is ${JSON.stringify(name)}.`);
  });
}

function listOption({ options }: Given, name: string): readonly string[] {
  return (options[name] ?? []) as readonly string[];
}

/** A line a model, a column a score: the mean, and where the true one is expected. */
function asTable({ models, badRows }: EvaluationSummary): string {
  const names = [...new Set(Object.values(models).flatMap((model) => Object.keys(model.scores)))];
  const rows = Object.entries(models).map(([name, { measured, failed, cost, scores }]) => {
    const paid = cost > 0 ? `$${(cost / 1e9).toFixed(4)}` : "";
    return [name, measured, failed, paid].concat(names.map((score) => scoreText(scores[score])));
  });
  const bad = badRows > 0 ? `${badRows} bad rows were passed over.\n` : "";
  return `${table(["model", "measured", "failed", "cost", ...names], rows)}${bad}`;
}

function scoreText(score: MeanScore | undefined): string {
  if (!score) return "";
  const { mean, interval } = score;
  return interval ? `${shown(mean)} [${shown(interval.lower)}, ${shown(interval.upper)}]` : shown(mean);
}

function shown(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
