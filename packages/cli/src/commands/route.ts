import { readFile, writeFile } from "node:fs/promises";
import { ModelError } from "@plugboard/core";
import type { Measurement } from "@plugboard/core";
import type { Policy } from "@plugboard/routing/simulate";
import { UsageError, flag, numberOption, textOption } from "../command.ts";
import type { Command, Given } from "../command.ts";
import { table } from "../table.ts";
import type { Terminal } from "../terminal.ts";

const policies = ["quality", "cascade", "agreement", "table", "length"] as const;

/** `plugboard route`: what a router learns from an evaluation, and what it would have saved. */
export const routeCommand: Command = {
  name: "route",
  summary: "Train a router's quality model on results, hold it against others, or replay results under policies.",
  usage: "route train|evaluate|simulate <results.jsonl…> [options]",
  options: {
    out: { type: "string", short: "o" },
    quality: { type: "string", short: "q" },
    scorer: { type: "string", short: "s" },
    task: { type: "string" },
    source: { type: "string" },
    policy: { type: "string", short: "p", multiple: true },
    reference: { type: "string" },
    target: { type: "string", short: "t", multiple: true },
    folds: { type: "string" },
    plot: { type: "string" },
    json: { type: "boolean" },
  },
  help: {
    out: "train: where the quality model is written; quality.json unless told",
    quality: "evaluate: the quality model; quality.json unless told",
    scorer: "whose scores are meant, where there are several",
    task: "the segment by which tasks go; task unless told",
    source: "train: what the results are, kept in the quality model",
    policy: `simulate: ${policies.join(", ")}; several may be given; quality unless told`,
    reference: "simulate: the model that others are measured against; the best unless told",
    target:
      "simulate: share of the reference's quality to be kept: 0.95; several may be given; 1, 0.98 and 0.95 unless told",
    folds: "simulate: parts that are tried in turn, by what was learned from the others; 5 unless told",
    plot: "simulate: draw the curves into this SVG file",
    json: "print JSON",
  },
  async run(given, terminal) {
    const [step, ...files] = given.words;
    const run = step === undefined ? undefined : steps[step];
    if (!run) throw new UsageError(`Say what to do: ${Object.keys(steps).join(", ")}.`);
    if (files.length === 0) throw new UsageError("Say which results: one file or more of measurements, one a line.");
    return run(given, files, terminal);
  },
};

type Step = (given: Given, files: readonly string[], terminal: Terminal) => Promise<number>;

const steps: Readonly<Record<string, Step>> = { train, evaluate, simulate: replayed };

/** Where training begins and ends is told in the file: what was found, and when. */
async function train(given: Given, files: readonly string[], { out, error }: Terminal): Promise<number> {
  const { trainQuality } = await import("@plugboard/routing/quality");
  const [task, source] = [textOption(given, "task"), textOption(given, "source")];
  const quality = await trainQuality(await measurementsOf(files), {
    ...scorerOf(given),
    ...(task !== undefined && { task }),
    ...(source !== undefined && { source }),
  });
  const path = textOption(given, "out") ?? "quality.json";
  const text = JSON.stringify(quality);
  await writeFile(path, text);
  const { provenance } = quality.toJSON();
  if (flag(given, "json")) out.write(`${JSON.stringify(provenance, undefined, 2)}\n`);
  else
    out.write(
      table(
        ["part", "explained by task", "with words", "errors of gain"],
        provenance.found.map((found) => [found.part, percent(found.table), percent(found.text), found.gain.toFixed(1)]),
      ),
    );
  error.write(
    `${path}: ${quality.models.length} models, ${provenance.items} items, scorer ${provenance.scorer}, ${Math.ceil(text.length / 1000)} kB.\n`,
  );
  return 0;
}

async function evaluate(given: Given, files: readonly string[], { out }: Terminal): Promise<number> {
  const { evaluateQuality, trainedQuality } = await import("@plugboard/routing/quality");
  const path = textOption(given, "quality") ?? "quality.json";
  const quality = trainedQuality(await jsonOf(path));
  const found = await evaluateQuality(quality, await measurementsOf(files), scorerOf(given));
  if (flag(given, "json")) out.write(`${JSON.stringify(found, undefined, 2)}\n`);
  else
    out.write(
      table(
        ["model", "items", "expected", "scored", "interval", "error", "of the mean"],
        found.map(({ model, items, expected, scored, error, plainError }) => [
          model,
          items,
          percent(expected),
          percent(scored.estimate),
          `${percent(scored.lower)} to ${percent(scored.upper)}`,
          error.toFixed(4),
          plainError.toFixed(4),
        ]),
      ),
    );
  return 0;
}

async function replayed(given: Given, files: readonly string[], { out }: Terminal): Promise<number> {
  const { simulate, simulationPlot, simulationTable } = await import("@plugboard/routing/simulate");
  const outcomes = await measurementsOf(files);
  const [reference, folds, plot] = [
    textOption(given, "reference"),
    numberOption(given, "folds"),
    textOption(given, "plot"),
  ];
  const targets = (given.options["target"] as readonly string[] | undefined)?.map(targetOf);
  const simulations = (await policiesOf(given)).map((policy) =>
    simulate(policy, outcomes, {
      ...scorerOf(given),
      ...(reference !== undefined && { reference }),
      ...(folds !== undefined && { folds }),
      ...(targets && { targets }),
    }),
  );
  if (plot !== undefined) await writeFile(plot, simulationPlot(simulations));
  const text = flag(given, "json")
    ? JSON.stringify(simulations, undefined, 2)
    : simulations.map((one) => simulationTable(one)).join("\n");
  out.write(`${text.trimEnd()}\n`);
  return 0;
}

async function policiesOf(given: Given): Promise<readonly Policy[]> {
  const { agreementPolicy, cascadePolicy, lengthPolicy, qualityPolicy, tablePolicy } =
    await import("@plugboard/routing/simulate");
  const task = textOption(given, "task");
  const options = task === undefined ? {} : { task };
  const known: Readonly<Record<string, () => Policy>> = {
    quality: () => qualityPolicy(options),
    cascade: () => cascadePolicy(options),
    agreement: () => agreementPolicy(options),
    table: () => tablePolicy(options),
    length: lengthPolicy,
  };
  return ((given.options["policy"] as readonly string[] | undefined) ?? ["quality"]).map((name) => {
    const policy = known[name];
    if (!policy) throw new UsageError(`--policy must be one of ${policies.join(", ")}; it is ${JSON.stringify(name)}.`);
    return policy();
  });
}

function targetOf(text: string): number {
  const target = Number(text);
  if (target > 0 && target <= 1) return target;
  throw new UsageError(
    `--target must be a share of the reference's quality, such as 0.95; it is ${JSON.stringify(text)}.`,
  );
}

function scorerOf(given: Given): { readonly scorer?: string } {
  const scorer = textOption(given, "scorer");
  return scorer === undefined ? {} : { scorer };
}

async function measurementsOf(files: readonly string[]): Promise<readonly Measurement[]> {
  const { readMeasurements } = await import("@plugboard/routing/quality");
  const all: Measurement[] = [];
  for (const file of files)
    try {
      for await (const measurement of readMeasurements(file)) all.push(measurement);
    } catch (error) {
      throw unread(file, error);
    }
  return all;
}

async function jsonOf(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw unread(path, error);
  }
}

function unread(path: string, cause: unknown): ModelError {
  if (cause instanceof ModelError) return cause;
  return new ModelError(`${path} cannot be read: ${(cause as Error).message}`, { code: "invalid-request", cause });
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
