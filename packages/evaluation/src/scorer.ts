import type { Cost, FinishReason, Json, ModelRequest, ToolCallPart, Usage } from "@plugboard/core";
import type { RecordedAnswer } from "./evaluate/evaluation-row.ts";

/** What a scorer is given: one answer, and the row that it answers. */
export interface Answer<Row = unknown> {
  readonly row: Row;
  /** The item's name in its dataset. */
  readonly item: string;
  /** The model as the evaluation names it. */
  readonly model: string;
  /** What was asked; of a recorded answer, what would have been. */
  readonly request: ModelRequest;
  /** The words of the last user, all that a router sees. */
  readonly prompt: string;
  /** The text of the answer. */
  readonly text: string;
  /** The tools that the answer asked for. */
  readonly toolCalls: readonly AnsweredCall[];
  readonly finishReason?: FinishReason | undefined;
  readonly usage?: Usage | undefined;
  readonly cost?: Cost | undefined;
  /** Milliseconds. */
  readonly latency?: number | undefined;
  /** Milliseconds. */
  readonly firstContent?: number | undefined;
  /** Served from a cache: its latency and cost say nothing of the model. */
  readonly cached?: true | undefined;
  /** The answer as the dataset carries it, where it does. */
  readonly recorded?: RecordedAnswer | undefined;
  /** Fires when the evaluation is called off: for scorers that ask a model themselves. */
  readonly signal?: AbortSignal | undefined;
}

/** A tool that an answer asked for. */
export type AnsweredCall = Pick<ToolCallPart, "name" | "invalid"> & { readonly input: Json };

/** A score; right and wrong are 1 and 0; `undefined` where there is nothing to judge by. */
export type Score = number | boolean | undefined;

/** What a scorer says: one score under its own name, or several by name. */
export type Scores = Score | Readonly<Record<string, Score>>;

/** Judges an answer. What it throws is noted under `unscored` of the measurement, and the evaluation goes on. */
export type ScoreFunction<Row = unknown> = (answer: Answer<Row>) => Scores | Promise<Scores>;

/** A named judge of answers. Scores of quality go from 0 to 1, the more the better; of other kinds the scorer says what they are. */
export interface Scorer<Row = unknown> {
  /** The name of its score in the results. */
  readonly name: string;
  readonly score: ScoreFunction<Row>;
}

/** Scorers in a list, or by name; by name, plain functions will do. */
export type Scorers<Row = unknown> =
  | readonly Scorer<Row>[]
  | Readonly<Record<string, Scorer<Row> | ScoreFunction<Row>>>;
