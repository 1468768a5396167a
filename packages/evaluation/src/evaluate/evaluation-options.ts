import type { Model, ModelErrorCode, ModelRequest, StandardSchema } from "@plugboard/core";
import type { Dataset } from "../dataset/row-source.ts";
import type { Scorers } from "../scorer.ts";
import type { RecordedAnswer } from "./evaluation-row.ts";
import type { KeptTexts } from "./measurement-of.ts";
import type { Progress } from "./progress.ts";

/**
 * Who answers: models, or names of answers that the rows carry. In a list a model is called `provider/id` in the results; otherwise as its
 * key says.
 */
export type EvaluatedModels = readonly (Model | string)[] | Readonly<Record<string, Model | string>>;

/** What an item is called and which it belongs with. */
export interface ItemFacts {
  readonly id?: string | undefined;
  readonly segments?: Readonly<Record<string, string>> | undefined;
  readonly cluster?: string | undefined;
}

/** What is asked of whom, how it is scored and where it is kept. */
export interface EvaluationOptions<Row> {
  /** Rows: `jsonl(path)`, `csv(path)`, an array, anything that can be iterated. */
  readonly dataset: Dataset;
  /** What a row must be: a schema of zod or any library that speaks Standard Schema. @default {@link EvaluationRow} */
  readonly row?: StandardSchema<unknown, Row>;
  /** Who answers. Budgets, caches and retries are middleware of theirs. @default every model that a row has an answer of */
  readonly models?: EvaluatedModels;
  readonly scorers: Scorers<Row>;
  /** What is asked. @default the row's `messages`, or its `prompt` */
  readonly ask?: (row: Row) => ModelRequest | string;
  /** The item's name and groups. @default the row's `id`, `task`, `segments` and `cluster` */
  readonly item?: (row: Row) => ItemFacts;
  /** Answers that are there already, by the name of the model. @default the row's `models` */
  readonly answers?: (row: Row) => Readonly<Record<string, RecordedAnswer>> | undefined;
  /** How often each model is asked each item. The calls are tagged `repeat`, by which a cache can keep them apart. @default 1 */
  readonly repeats?: number;
  /** How many answers are under way at once, over all models. @default 8 */
  readonly concurrency?: number;
  /** A JSONL file that measurements are added to as they are made. What it has already is not asked again. @default none */
  readonly results?: string;
  /** What measurements keep of the words. @default both */
  readonly keep?: KeptTexts;
  /** Asks for answers piece by piece, so that the time to the first content is known. @default true */
  readonly stream?: boolean;
  /** What a row that is not what it must be does: ends the evaluation, or is passed over. @default "stop" */
  readonly badRows?: "stop" | "skip";
  /** Told of rows that are passed over: the place, the field, and what was expected. */
  readonly onBadRow?: (sentence: string) => void;
  /**
   * Failures of a model that end the evaluation, since every later call would fail alike; others are noted as the outcome of their item.
   *
   * @default ["aborted", "auth", "budget", "not-found", "permission", "quota"]
   */
  readonly stopOn?: readonly ModelErrorCode[];
  /** Calls the evaluation off. */
  readonly signal?: AbortSignal;
  /** Tags of every call. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Told how far it has come, at most every `progressInterval`, and at the end: `progressBar()`. */
  readonly onProgress?: (progress: Progress) => void;
  /** Milliseconds. @default 200 */
  readonly progressInterval?: number;
}

/** With a schema, rows may come from anywhere. */
export type CheckedEvaluation<Row> = EvaluationOptions<Row> & { readonly row: StandardSchema<unknown, Row> };

/** Without a schema, rows are of the usual shape, or what the types of the dataset say. */
export type TypedEvaluation<Row> = Omit<EvaluationOptions<Row>, "row" | "dataset"> & {
  readonly row?: undefined;
  readonly dataset: Dataset<Row>;
};
