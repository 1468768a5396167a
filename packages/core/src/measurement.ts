import type { Cost } from "./cost.ts";
import type { ModelErrorCode } from "./error.ts";
import type { FinishReason } from "./event.ts";
import type { Usage } from "./usage.ts";

/**
 * How one model did on one item of a dataset: a line of the JSONL that an evaluation writes, that verdicts are drawn from, and that a
 * router learns from. Plain JSON throughout. Lines of the same `item` and `repeat` are compared pairwise.
 */
export interface Measurement {
  /** The item's name in its dataset. */
  readonly item: string;
  /** The model as the evaluation names it, usually `provider/id`. */
  readonly model: string;
  /** The words the model was asked, all that a router sees; left out where they may not be kept. */
  readonly prompt?: string;
  /** What group the item belongs to, by name of the grouping: `{ task: "algebra", language: "de" }`. */
  readonly segments?: Readonly<Record<string, string>>;
  /** Items that are not independent of each other share one: a conversation, a document, a user. */
  readonly cluster?: string;
  /** Which of several answers to the same item this is, from 0. @default 0 */
  readonly repeat?: number;
  /** What each scorer said, by the scorer's name. Scores of quality go from 0 to 1, the more the better. A scorer that could not judge is absent. */
  readonly scores: Readonly<Record<string, number>>;
  /** Why a scorer that failed gave no score, by its name. */
  readonly unscored?: Readonly<Record<string, string>>;
  /** The text of the answer; left out where it may not be kept. */
  readonly output?: string;
  readonly finishReason?: FinishReason;
  readonly usage?: Usage;
  /** Of the whole call. Absent where unknown, never 0 for it. */
  readonly cost?: Cost;
  /** Served from a cache, so that nothing was paid and there is no latency. */
  readonly cached?: true;
  /** Milliseconds from the call to the end of the answer. */
  readonly latency?: number;
  /** Milliseconds from the call to the first content. */
  readonly firstContent?: number;
  /** Why there is no answer. */
  readonly error?: { readonly code: ModelErrorCode; readonly message: string };
}
