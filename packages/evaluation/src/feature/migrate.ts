import { ModelError } from "@plugboard/core";
import type { Json, Measurement } from "@plugboard/core";
import { evaluate } from "../evaluate/evaluate.ts";
import type { EvaluationOptions } from "../evaluate/evaluation-options.ts";
import { allOf } from "../parity/all-of.ts";
import { parity } from "../parity/parity.ts";
import type { Parity } from "../parity/parity.ts";
import { digestOf } from "./dataset-digest.ts";
import { evidenceOf, writeEvidence } from "./evidence-file.ts";
import type { Evidence, ParityStep, Sides } from "./evidence.ts";
import { featureModel } from "./feature-model.ts";
import { featureRow } from "./feature-row.ts";
import type { Feature, FeatureRow } from "./feature.ts";
import { sideDigest } from "./side-digest.ts";
import { version } from "./version.ts";

/** Which model is to take which one's place, and where that is written down. */
export interface MigrateOptions<Name extends string = string> extends Pick<
  EvaluationOptions<FeatureRow>,
  "concurrency" | "results" | "keep" | "stream" | "stopOn" | "signal" | "tags" | "onProgress" | "progressInterval"
> {
  /** What is to take the place, by its name in the feature. */
  readonly to: Name;
  /** Whose place. @default the first of the feature's models */
  readonly from?: Name;
  /** The JSON file of evidence, which the step is added to. @default none is written */
  readonly evidence?: string;
}

/** What came of it: the comparison with its measurements, and the step as the evidence has it. */
export interface Migrated extends Parity {
  readonly step: ParityStep;
}

/** Regressions that evidence keeps. */
const kept = 10;

/**
 * Shows offline whether one model of a feature can take another's place: each is asked the dataset of the feature's `checks` with its own prompt and
 * settings, outputs are checked against the feature's schema, and the verdict is that of `parity`. An answer that does not fit, after as many repairs as
 * `run` makes, is an error `parse`, which has the worst score and which the measure `malformed` counts.
 *
 * With `results`, an interrupted run goes on; answers to other prompts, schemas or settings than those of now are not taken from it.
 *
 * @throws {ModelError} `invalid-request` for a model that the feature has not, without `checks`, and for evidence of another migration; `parse` for a file of
 * evidence that is none; and as `parity` does
 * @example
 * const { verdict, missing } = await migrate(triage, { to: "haiku", evidence: "triage.migration.json" });
 */
export async function migrate<Of extends Feature>(
  given: Of,
  { to, from, evidence: path, ...asking }: MigrateOptions<keyof Of["models"] & string>,
): Promise<Migrated> {
  const feature: Feature = given;
  const [first] = Object.keys(feature.models);
  const sides = { from: from ?? first!, to };
  if (sides.from === to)
    throw invalid(`The feature "${feature.name}" is to move from ${to} to itself; give another \`to\`.`);
  const models = { from: featureModel(feature, sides.from), to: featureModel(feature, to) };
  const checks = await feature.checks();
  if (!checks) throw invalid(`The feature "${feature.name}" has no \`checks\`, so nothing can be shown of it.`);
  // Before anything is paid for.
  const earlier = path === undefined ? undefined : await evidenceOf({ feature: feature.name, ...sides }, path);

  const { dataset: source, scorers, repeats, ...gates } = checks;
  const row = featureRow(feature);
  // It is read twice: which prompts are meant must be known before the first answer is taken from `results`.
  const dataset = "rows" in source ? source : await allOf(source);
  const { digest, probes } = await digestOf(dataset, row);
  const digests = async (inputs: readonly Json[]): Promise<Sides> => ({
    from: await sideDigest(feature, sides.from, inputs),
    to: await sideDigest(feature, to, inputs),
  });
  const asked = await digests(probes);
  const [before, after] = [`${sides.from} ${asked.from.slice(0, 12)}`, `${to} ${asked.to.slice(0, 12)}`];
  const measured = evaluate({
    ...asking,
    dataset,
    row,
    ask: ({ input }) => JSON.stringify(input),
    scorers,
    ...(repeats !== undefined && { repeats }),
    models: { [before]: models.from, [after]: models.to },
  });
  const compared = await parity(sides.from, to, {
    ...gates,
    log: renamed(measured, { [before]: sides.from, [after]: to }),
  });

  const shown = asking.keep?.prompt === false ? [] : probes;
  const step: ParityStep = {
    type: "parity",
    at: new Date().toISOString(),
    plugboard: version,
    sides: await digests(shown),
    dataset: digest,
    ...figuresOf(compared),
  };
  if (path !== undefined) {
    const evidence: Evidence = {
      format: "plugboard.migration",
      version: 1,
      feature: feature.name,
      ...sides,
      probes: shown,
      steps: [...(earlier?.steps ?? []), step],
    };
    await writeEvidence(path, evidence);
  }
  return { ...compared, step };
}

/** Under the names that the feature has for them. */
async function* renamed(
  measurements: AsyncIterable<Measurement>,
  names: Readonly<Record<string, string>>,
): AsyncGenerator<Measurement, void> {
  for await (const line of measurements) yield { ...line, model: names[line.model] ?? line.model };
}

function figuresOf(compared: Parity): Omit<ParityStep, "type" | "at" | "plugboard" | "sides" | "dataset"> {
  const { verdict, reasons, missing, confidence, items, gates, groups, regressed, regressions } = compared;
  return {
    verdict,
    reasons,
    ...(missing !== undefined && { missing }),
    confidence,
    items,
    gates,
    groups,
    regressed,
    regressions: regressions.slice(0, kept),
  };
}

function invalid(message: string): ModelError {
  return new ModelError(message, { code: "invalid-request" });
}
