import { defineEmbeddingModel, defineModel, defineRerankModel } from "@plugboard/core";
import type { Call, CallOptions, Callable, EmbeddingModel, Model, ModelKey, RerankModel } from "@plugboard/core";
import { checkNumber } from "../check-number.ts";
import { areChat, areEmbedding, areRerank } from "../kinds.ts";
import type { AnyModel, NoMethods } from "../kinds.ts";
import { bare, named } from "../named.ts";
import { refused } from "../refused.ts";
import { chatReplies } from "../replies.ts";
import type { Replies } from "../replies.ts";
import { Allowance } from "./allowance.ts";
import { FirstTimes } from "./first-times.ts";
import { Race } from "./race.ts";

declare module "@plugboard/core" {
  interface Notices {
    /** Nothing had come after `delay` milliseconds, and a second call was made. */
    hedge: { readonly first: ModelKey; readonly second: ModelKey; readonly delay: number };
  }
}

/** When a second call is made, and how often. */
export interface HedgeOptions {
  /**
   * Milliseconds without content after which the second call is made. @default the time within which 95 % of the last 200 calls had
   * content, streamed and whole ones by themselves; no second call before there were 20 of them
   */
  readonly delay?: number;
  /** The share of calls that may have a second one, saved up for ten at most. @default 0.05 */
  readonly share?: number;
}

/** Fewer times than these say nothing. */
const leastTimes = 20;

/**
 * Asks a second time when an answer is slower than most. The first content wins, and the other call is called off at once; both are in
 * `attempts`, and both may be billed. With one model, the second call is of the same.
 *
 * It is for slowness, not for failure: when the first call fails before the second was made, the call fails. Put `retry` or `fallback`
 * around it. After that, the failure of one waits for the other.
 *
 * @throws {ModelError} what the call failed with; where both did, with the code of the first that may pass, or of the first, and both in
 * `cause.errors`. `invalid-request` for a list of other than one or two models.
 * @example
 * const model = hedge([openai("gpt-4o"), azure("gpt-4o", { endpoint })]);
 */
export function hedge(models: readonly Model[], options?: HedgeOptions): Model;
/** The same for embeddings, of one model at two places: vectors of different models cannot be compared. */
export function hedge(models: readonly EmbeddingModel[], options?: HedgeOptions): EmbeddingModel;
/** The same for reranking. */
export function hedge(models: readonly RerankModel[], options?: HedgeOptions): RerankModel;
/** The same for whatever else answers calls. */
export function hedge<Request extends CallOptions, Reply>(
  models: readonly (Callable<Request, Reply> & NoMethods)[],
  options?: HedgeOptions,
): Callable<Request, Reply>;
export function hedge(models: readonly AnyModel[], options: HedgeOptions = {}): AnyModel {
  check(models, options);
  if (areChat(models)) return defineModel({ ...named("hedge", models), call: hedged(models, options, chatReplies) });
  if (areEmbedding(models)) return defineEmbeddingModel({ ...named("hedge", models), call: hedged(models, options) });
  if (areRerank(models)) return defineRerankModel({ ...named("hedge", models), call: hedged(models, options) });
  const others = models as readonly Callable<CallOptions, unknown>[];
  return bare("hedge", others, hedged(others, options));
}

function hedged<Request extends CallOptions, Reply>(
  models: readonly Callable<Request, Reply>[],
  { delay, share = 0.05 }: HedgeOptions,
  replies?: Replies<Reply>,
): Call<Request, Reply> {
  const first = models[0]!;
  const second = models[1] ?? first;
  const allowance = new Allowance(share);
  // What is streamed is there at its first content, what is not when it is whole.
  const streamed = new FirstTimes();
  const whole = new FirstTimes();

  return (request) => {
    allowance.earn();
    const times = "stream" in request && request.stream === true ? streamed : whole;
    // One that is as slow as that is not slower; timers know whole milliseconds only.
    const observed = times.count < leastTimes ? undefined : Math.floor(times.quantile(0.95)) + 1;
    const race = new Race<Request, Reply>({
      models: [first, second],
      request,
      delay: delay ?? observed,
      mayStart: () => allowance.spend(),
      onTime: (milliseconds) => times.add(milliseconds),
      replies,
    });
    return race.run();
  };
}

function check(models: readonly object[], { delay = 0, share = 0 }: HedgeOptions): void {
  if (models.length !== 1 && models.length !== 2) {
    throw refused(`\`hedge\` takes one model or two; the list has ${models.length}.`);
  }
  checkNumber("delay", delay, 0);
  checkNumber("share", share, 0, 1);
}
