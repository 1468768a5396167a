import { ModelError } from "@plugboard/core";
import type { Measurement, Model } from "@plugboard/core";
import { evaluate, evaluateInOrder } from "../evaluate/evaluate.ts";
import type { CheckedEvaluation, EvaluationOptions, TypedEvaluation } from "../evaluate/evaluation-options.ts";
import { allOf } from "./all-of.ts";
import { compare } from "./compare.ts";
import type { CompareOptions } from "./compare.ts";
import type { Comparison } from "./comparison.ts";
import { EarlyStop } from "./early-stop.ts";

/** What is to be shown, and how surely; whose measurements stand against whose is said beside it. */
export type GateOptions = Omit<CompareOptions, "baseline" | "candidate">;

/** Measurements that are there already: of a file, `measurements("results.jsonl")`, or at hand. */
export interface LogOptions {
  readonly log: Iterable<Measurement> | AsyncIterable<Measurement>;
  readonly dataset?: undefined;
  readonly stopEarly?: undefined;
}

/** When asking ends. */
export interface StopOptions {
  /**
   * Ends as soon as all gates pass or one fails: items are asked in random order, and judged after each by tests that may be looked at any time,
   * so that a verdict is wrong as seldom as otherwise. What is clear takes a part of the items; what is close takes more than are needed
   * without, and may stay undecided. Percentiles need all items, so with such a gate only a fail comes early. All rows are read first.
   *
   * @default false
   */
  readonly stopEarly?: boolean;
  /** Of the random order. Who goes on with `results` must give the same. @default 1 */
  readonly seed?: number;
}

/** A comparison, and what it was drawn from. */
export interface Parity extends Comparison {
  /** For `htmlReport`; without it, the rest is the comparison as JSON. */
  readonly measurements: readonly Measurement[];
}

/** Which models are asked is said beside the options. */
export interface NoModels extends StopOptions {
  readonly models?: undefined;
}

/**
 * Asks two models the items of a dataset, has the answers scored, and says whether the second can take the first one's place: `evaluate` and then
 * `compare`.
 *
 * With `results`, an evaluation that was interrupted goes on where it was, and one that is done costs nothing the second time. With `log`, nobody
 * is asked: the verdict is drawn from measurements that are there.
 *
 * @param baseline - the model in use; or the name of one whose answers are in the rows or the log
 * @param candidate - what may take its place, likewise
 * @throws {ModelError} as `evaluate` and `compare` do
 * @example
 * const { verdict, missing } = await parity(openai("gpt-4o"), anthropic("claude-haiku-4-5"), {
 *   dataset: jsonl("questions.jsonl"),
 *   scorers: [exact()],
 *   gates: { quality: { score: "exact", margin: 0.03 }, latency: { measure: "latency", statistic: "p95", margin: "10%" } },
 * });
 */
export function parity(
  baseline: Model | string,
  candidate: Model | string,
  options: GateOptions & LogOptions,
): Promise<Parity>;
export function parity<Row extends object>(
  baseline: Model | string,
  candidate: Model | string,
  options: GateOptions & CheckedEvaluation<Row> & NoModels,
): Promise<Parity>;
export function parity<Row extends object>(
  baseline: Model | string,
  candidate: Model | string,
  options: GateOptions & TypedEvaluation<Row> & NoModels,
): Promise<Parity>;
export async function parity<Row extends object>(
  baseline: Model | string,
  candidate: Model | string,
  options: GateOptions & (LogOptions | ((CheckedEvaluation<Row> | TypedEvaluation<Row>) & StopOptions)),
): Promise<Parity> {
  const [before, after] = namesOf(baseline, candidate);
  if (Object.keys(options.gates).length === 0)
    throw new ModelError("A comparison needs at least one gate.", { code: "invalid-request" });
  const sides = { baseline: before, candidate: after };
  if ("log" in options) {
    if (options.stopEarly)
      throw new ModelError("`stopEarly` is for models that are asked; a log is there already.", {
        code: "invalid-request",
      });
    const measurements = await allOf<Measurement>(options.log);
    return { ...compare(measurements, { ...options, ...sides }), measurements };
  }

  const evaluation = { ...(options as CheckedEvaluation<Row>), models: { [before]: baseline, [after]: candidate } };
  if (options.stopEarly) return stopping(evaluation, new EarlyStop({ ...options, ...sides }, options.seed ?? 1));
  const measurements = await allOf<Measurement>(evaluate(evaluation));
  return { ...compare(measurements, { ...options, ...sides }), measurements };
}

async function stopping<Row>(evaluation: EvaluationOptions<Row>, stop: EarlyStop): Promise<Parity> {
  for await (const measurement of evaluateInOrder(evaluation, stop)) stop.add(measurement);
  return { ...stop.comparison(), measurements: stop.seen };
}

/** Models with one name, as of one with another prompt before it, are told apart by their part. */
function namesOf(baseline: Model | string, candidate: Model | string): readonly [string, string] {
  const [before, after] = [nameOf(baseline), nameOf(candidate)];
  return before === after ? [`${before} (baseline)`, `${after} (candidate)`] : [before, after];
}

function nameOf(model: Model | string): string {
  return typeof model === "string" ? model : `${model.provider}/${model.id}`;
}
