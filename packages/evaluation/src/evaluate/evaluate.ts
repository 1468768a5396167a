import { ModelError, checkOption } from "@plugboard/core";
import type { Measurement, Model, ModelErrorCode } from "@plugboard/core";
import { sourceOf } from "../dataset/row-source.ts";
import { ResultsFile } from "../results/results-file.ts";
import type { CheckedEvaluation, EvaluatedModels, EvaluationOptions, TypedEvaluation } from "./evaluation-options.ts";
import { inParallel } from "./in-parallel.ts";
import { itemsOf } from "./items.ts";
import type { Item } from "./items.ts";
import { KeptResults } from "./kept-results.ts";
import { measure } from "./measure.ts";
import type { Measuring, Task } from "./measure.ts";
import { ProgressCounter } from "./progress.ts";
import { scorersOf } from "./score-answer.ts";
import { SummaryBuilder } from "./summary.ts";
import type { EvaluationSummary } from "./summary.ts";

/** An evaluation that runs as it is read. Nothing is asked before someone reads, and nothing faster than it is read. */
export interface Evaluation extends AsyncIterable<Measurement, void> {
  /** Runs what is left, and gives the means of all measurements; the same promise each time. */
  result(): Promise<EvaluationSummary>;
}

const lasting: readonly ModelErrorCode[] = ["aborted", "auth", "budget", "not-found", "permission", "quota"];

/**
 * Asks models every item of a dataset and has the answers scored.
 *
 * Rows are read as they are needed, so that a dataset may be of any size: in memory are what is under way, the names of the items, and
 * eight bytes a score for the summary. With `results`, each measurement is a line of a file as soon as it is made, and an evaluation that
 * was interrupted goes on where it was: what is answered is not asked again, what failed in a way that may pass is. Budgets, caches,
 * limits and retries are middleware of the models: `model.with(cost(), cache(), retry())`.
 *
 * @throws {ModelError} `invalid-request` for options that mean nothing; for a bad row, with its place, the field and what was expected;
 * while it is read, failures of `stopOn`
 * @example
 * const run = evaluate({
 *   dataset: jsonl("questions.jsonl"),
 *   models: { now: openai("gpt-4o"), next: anthropic("claude-sonnet-4-5") },
 *   scorers: [exact(), latency()],
 *   results: "results.jsonl",
 *   onProgress: progressBar(),
 * });
 * console.log((await run.result()).models["next"]?.scores["exact"]);
 */
export function evaluate<Row extends object>(options: CheckedEvaluation<Row>): Evaluation;
export function evaluate<Row extends object>(options: TypedEvaluation<Row>): Evaluation;
export function evaluate<Row extends object>(given: CheckedEvaluation<Row> | TypedEvaluation<Row>): Evaluation {
  return evaluateInOrder(given as EvaluationOptions<Row>);
}

/** Someone who follows in what order items are asked, and says when it is enough. */
export interface OrderFollower {
  /** Items are asked in the random order of this seed. */
  readonly seed: number;
  /** Told how many rows there are. */
  readonly rows: (count: number) => void;
  /**
   * Told of each item before it is asked, and how many measurements there will be of it, those of an earlier run with `results` among them.
   *
   * @returns whether it is to be asked; if not, nor are those after it
   */
  readonly next: (item: string, measurements: number) => boolean;
}

/** As {@link evaluate}, in an order that someone follows. */
export function evaluateInOrder<Row>(options: EvaluationOptions<Row>, follower?: OrderFollower): Evaluation {
  const { repeats = 1, concurrency = 8, progressInterval = 200, stream = true, stopOn = lasting } = options;
  checkOption("repeats", repeats, { least: 1, whole: true });
  checkOption("concurrency", concurrency, { least: 1, most: 10_000, whole: true });
  checkOption("progressInterval", progressInterval, { least: 0 });
  const { signal, tags, keep } = options;
  const run = new Run(options, follower, {
    scorers: scorersOf(options.scorers),
    stream,
    repeats,
    stopOn: new Set(stopOn),
    ...(signal && { signal }),
    ...(tags && { tags }),
    ...(keep && { keep }),
  });
  const measurements = run.measurements(concurrency);
  let summary: Promise<EvaluationSummary> | undefined;
  return {
    [Symbol.asyncIterator]: () => measurements,
    result: () => (summary ??= rest()),
  };

  async function rest(): Promise<EvaluationSummary> {
    for await (const _ of measurements);
    return run.summary();
  }
}

/** What the parts of one evaluation share. */
class Run<Row> {
  readonly #options: EvaluationOptions<Row>;
  readonly #how: Measuring<Row>;
  readonly #models: ReadonlyMap<string, Model | string> | undefined;
  readonly #progress: ProgressCounter;
  readonly #summary = new SummaryBuilder();
  readonly #kept = new KeptResults();
  readonly #follower: OrderFollower | undefined;

  constructor(options: EvaluationOptions<Row>, follower: OrderFollower | undefined, how: Measuring<Row>) {
    this.#options = options;
    this.#follower = follower;
    this.#how = how;
    this.#models = options.models && namedModels(options.models);
    this.#progress = new ProgressCounter(options.onProgress, options.progressInterval ?? 200);
  }

  summary(): EvaluationSummary {
    return this.#summary.summary(this.#progress.badRows);
  }

  async *measurements(concurrency: number): AsyncGenerator<Measurement, void> {
    const { results, signal } = this.#options;
    const file = results === undefined ? undefined : new ResultsFile(results);
    try {
      if (signal?.aborted) throw ModelError.calledOff(signal);
      await this.#count();
      if (file) yield* this.#earlier(file);
      const measured = inParallel(this.#tasks(), concurrency, async (task) => {
        const measurement = await measure(task, this.#how);
        await file?.add(measurement);
        return measurement;
      });
      for await (const measurement of measured) {
        this.#progress.add(measurement);
        this.#summary.add(measurement);
        yield measurement;
      }
    } finally {
      await file?.close();
      this.#progress.end();
    }
  }

  async #count(): Promise<void> {
    // Of answers that rows carry, nobody knows how many there will be.
    if (!this.#models || !this.#options.onProgress) return;
    const rows = await sourceOf(this.#options.dataset).count?.();
    if (rows !== undefined) this.#progress.total = rows * this.#models.size * this.#how.repeats;
  }

  async *#earlier(file: ResultsFile): AsyncGenerator<Measurement, void> {
    for await (const measurement of file.kept(mayPass)) {
      if (this.#models && !this.#models.has(measurement.model)) continue;
      if (!this.#kept.add(measurement)) continue;
      this.#progress.keep(measurement);
      this.#summary.add(measurement);
      yield measurement;
    }
  }

  async *#tasks(): AsyncGenerator<Task<Row>, void> {
    const options = { ...this.#options, onSkip: () => void this.#progress.badRows++ };
    const follower = this.#follower;
    for await (const item of itemsOf(
      options,
      follower && { seed: follower.seed, rows: (count) => follower.rows(count) },
    )) {
      const tasks = this.#tasksOf(item);
      if (follower?.next(item.id, tasks.length) === false) return;
      for (const task of tasks) if (!this.#kept.has(item, task.name, task.repeat)) yield task;
    }
  }

  #tasksOf(item: Item<Row>): readonly Task<Row>[] {
    const { answers = {} } = item;
    const tasks: Task<Row>[] = [];
    for (let repeat = 0; repeat < this.#how.repeats; repeat++) {
      for (const name of this.#models?.keys() ?? Object.keys(answers)) {
        const of = this.#models?.get(name) ?? name;
        const from = typeof of === "string" ? answers[of] : of;
        // A dataset need not have every model's answer to every item, and has each once.
        if (from === undefined || (repeat > 0 && typeof of === "string")) continue;
        tasks.push({ item, name, from, repeat });
      }
    }
    return tasks;
  }
}

/** Failures that may pass are asked again when an evaluation goes on. */
function mayPass({ error }: Measurement): boolean {
  return error !== undefined && new ModelError(error.message, { code: error.code }).retryable;
}

function namedModels(models: EvaluatedModels): ReadonlyMap<string, Model | string> {
  const entries = Array.isArray(models)
    ? (models as readonly (Model | string)[]).map(
        (of) => [typeof of === "string" ? of : `${of.provider}/${of.id}`, of] as const,
      )
    : Object.entries(models as Readonly<Record<string, Model | string>>);
  const named = new Map(entries);
  if (named.size === entries.length && named.size > 0) return named;
  const why =
    named.size === 0 ? "`models` names none" : "Two of `models` have one name; give them as `{ name: model }`";
  throw new ModelError(`${why}.`, { code: "invalid-request" });
}
