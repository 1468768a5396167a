import { ModelReply, defineEmbeddingModel, defineModel, defineRerankModel } from "@plugboard/core";
import type {
  CallOptions,
  Callable,
  EmbeddingModel,
  EmbeddingRequest,
  Model,
  ModelErrorCode,
  ModelRequest,
  RerankModel,
  RerankRequest,
} from "@plugboard/core";
import type { AnyModel, NoMethods } from "../kinds.ts";
import { bare, named } from "../named.ts";
import { refused } from "../refused.ts";
import { chatReplies } from "../replies.ts";
import { Continuation } from "./continuation.ts";
import { cooldown as ownCooldown } from "./cooldown.ts";
import type { Cooldown } from "./cooldown.ts";
import { inTurn } from "./in-turn.ts";
import type { Handling } from "./in-turn.ts";
import { judge } from "./judge.ts";
import type { AnswerRules, FallbackHold } from "./judge.ts";
import type { Knowledge } from "./needs.ts";
import type { RowRules } from "./row.ts";
import { modelIn, targetsOf } from "./target.ts";
import type { FallbackTarget, OtherTarget, Target } from "./target.ts";

/** At which failures the next model is asked. */
export interface FailureRules {
  /** Failures at which the next model is asked. @default all but `invalid-request`, `content-filter`, `budget` and `aborted` */
  readonly codes?: readonly FallbackCode[];
}

/** What can be fallen back from: everything but being called off. */
export type FallbackCode = Exclude<ModelErrorCode, "aborted">;

/** When the next model is asked: at which failures, and after which answers. */
export interface FallbackRules extends FailureRules, AnswerRules {}

/** What every fallback can be told, whatever its models are of. */
export interface CommonFallbackOptions {
  /** When the next model is asked. */
  readonly when?: FailureRules;
  /** How long models that failed are left alone while there are others; `false` for not at all. @default one of its own */
  readonly cooldown?: Cooldown | false;
  /**
   * The share of the time until the deadline, above 0 and up to 1, after which a model that has not answered is called off and the next
   * one asked, if there is one: of three models the first has half of the time, the second half of the rest, the third what is left.
   * A streamed answer is there at its first content. With 1 a model has all of it. Without a deadline nothing is cut.
   * @default 0.5
   */
  readonly share?: number;
}

/** When the next model is asked, and how much of an answer is held back until then. */
export interface FallbackOptions extends CommonFallbackOptions, Knowledge {
  /** When the next model is asked. Where nobody is left to ask, a doubtful answer is given: it is better than none. */
  readonly when?: FallbackRules;
  /**
   * How much of an answer is kept back before the caller gets any, and can still come from another model: up to its first content,
   * so many characters of text, or all of it. `generate` waits for the end in any case.
   * @default "end" where `when` judges answers, otherwise "start"
   */
  readonly hold?: FallbackHold;
  /**
   * Whether a streamed answer that breaks off after its first content is gone on with by the next model, from the text so far; not in a
   * tool call, a thought, or where JSON is asked for. The caller is told by a `resumed` notice and warning.
   * @default false
   */
  readonly continueMidStream?: boolean;
}

const inDefault: Readonly<Record<ModelErrorCode, boolean>> = {
  "rate-limit": true,
  overloaded: true,
  server: true,
  network: true,
  timeout: true,
  truncated: true,
  // Of this account or model; another has its own.
  auth: true,
  permission: true,
  "not-found": true,
  quota: true,
  "context-length": true,
  unsupported: true,
  "circuit-open": true,
  // Not as it should be, and another model is not more of the same.
  parse: true,
  unknown: true,
  // The application's to mend; elsewhere it would fail again, or be taken otherwise than meant.
  "invalid-request": false,
  // A judgement on the question: to shop around for a milder one is for the application to decide.
  "content-filter": false,
  // Said by us: no more money, and nobody waits.
  budget: false,
  aborted: false,
};

/**
 * Asks the first model, and the next one when it fails or its answer is not good enough. Each try is in `attempts`, and each change is
 * told as a `failover` notice. Nothing is asked once the call is called off or its deadline has passed; a model that stalls leaves half of
 * the time for the others (`share`).
 *
 * Passed by, and told as `skipped`, are models that a request does not fit (by `limits` and `abilities`) and those that failed a moment
 * ago (by `cooldown`); these are asked last. A failure after the first content goes to the reader, with what was said in `partial`,
 * unless the answer is held for longer, or gone on with (`continueMidStream`).
 *
 * @throws {ModelError} when all fail: with the code of the first failure that may pass, or of the first, a sentence that tells each,
 * and all of them, in order, in `cause.errors`. `invalid-request` for an empty list, or one with the same model twice.
 * @example
 * const model = fallback([openai("gpt-4o"), anthropic("claude-sonnet-4-5")]).with(retry());
 * @example
 * const shorter = (request: ModelRequest) => ({ ...request, messages: request.messages.slice(-10) });
 * const model = fallback([small, { model: small, request: shorter }, large], { continueMidStream: true });
 */
export function fallback(models: readonly FallbackTarget[], options?: FallbackOptions): Model;
/**
 * The same for embeddings: all vectors of one call are of one model, and `model` in the result says which. Vectors of different models
 * cannot be compared, so give it the same model at several places.
 */
export function fallback(
  models: readonly OtherTarget<EmbeddingRequest, EmbeddingModel>[],
  options?: CommonFallbackOptions,
): EmbeddingModel;
/** The same for reranking. */
export function fallback(
  models: readonly OtherTarget<RerankRequest, RerankModel>[],
  options?: CommonFallbackOptions,
): RerankModel;
/** The same for whatever else answers calls. */
export function fallback<Request extends CallOptions, Reply>(
  models: readonly OtherTarget<Request, Callable<Request, Reply> & NoMethods>[],
  options?: CommonFallbackOptions,
): Callable<Request, Reply>;
/** The same of whichever kind, for a function that passes on what it was given. */
export function fallback(list: FallbackList, options?: FallbackOptions): AnyModel;
export function fallback(list: FallbackList, options: FallbackOptions = {}): AnyModel {
  checkFallback(options);
  if (areChat(list)) {
    const call = inTurn(rulesFor(targetsOf(list), options), chatHandling(options));
    return defineModel({ ...named("fallback", list.map(modelIn)), call });
  }
  if (areEmbedding(list)) {
    const call = inTurn(rulesFor(targetsOf(list), options));
    return defineEmbeddingModel({ ...named("fallback", list.map(modelIn)), call });
  }
  if (areRerank(list)) {
    const call = inTurn(rulesFor(targetsOf(list), options));
    return defineRerankModel({ ...named("fallback", list.map(modelIn)), call });
  }
  return bare("fallback", list.map(modelIn), inTurn(rulesFor(targetsOf(list), options)));
}

/** The rules of a row that these options mean. */
export function rulesFor<Request extends CallOptions, Reply>(
  targets: readonly Target<Request, Reply>[],
  options: FallbackOptions,
): RowRules<Request, Reply> {
  const codes = options.when?.codes && new Set<ModelErrorCode>(options.when.codes);
  // Who is alone is never left alone.
  const isAlone = targets.every(({ name }) => name === targets[0]?.name);
  const { cooldown = isAlone ? false : ownCooldown(), share = 0.5 } = options;
  return {
    targets,
    share,
    passes: ({ code }) => (codes ? codes.has(code) : inDefault[code]),
    cooldown: cooldown === false ? undefined : cooldown,
    knowledge: options,
  };
}

/** A list that is all of one kind. */
export type FallbackList =
  | readonly FallbackTarget[]
  | readonly OtherTarget<EmbeddingRequest, EmbeddingModel>[]
  | readonly OtherTarget<RerankRequest, RerankModel>[]
  | readonly OtherTarget<CallOptions, Callable<CallOptions, unknown>>[];

function areChat(list: FallbackList): list is readonly FallbackTarget[] {
  return areAll(list, "generate");
}

function areEmbedding(list: FallbackList): list is readonly OtherTarget<EmbeddingRequest, EmbeddingModel>[] {
  return areAll(list, "embed");
}

function areRerank(list: FallbackList): list is readonly OtherTarget<RerankRequest, RerankModel>[] {
  return areAll(list, "rerank");
}

function areAll(list: FallbackList, method: string): boolean {
  return list.every((entry: FallbackList[number]) => method in modelIn<AnyModel>(entry));
}

/** What is done with the answers of chat models: they are held, judged and, if they break off, gone on with. */
export function chatHandling(options: FallbackOptions): Handling<ModelRequest, ModelReply> {
  const judgeAnswer = judge(options);
  return {
    judge: (reply, { target }) => judgeAnswer(reply, target.key),
    give(reply, turn, row) {
      const goesOn = options.continueMidStream === true && row.request.stream === true;
      reply.onEnd((outcome) => {
        if (outcome.status === "finished") row.answered(turn);
        else if (outcome.status === "failed") row.broke(turn, outcome.error);
      });
      return goesOn ? ModelReply.open(new Continuation(row, turn, reply)) : reply;
    },
    onEnd: (reply, listener) => chatReplies.onEnd(reply, listener),
  };
}

/** @throws {ModelError} `invalid-request`, with the option and the accepted values */
export function checkFallback({ when = {}, hold, continueMidStream, share = 1 }: FallbackOptions): void {
  if (!(share > 0 && share <= 1)) throw refused(`\`share\` must be a number above 0, up to 1; it is ${String(share)}.`);
  const unknown = when.codes?.find((code) => !Object.hasOwn(inDefault, code) || (code as string) === "aborted");
  if (unknown !== undefined) {
    const known = Object.keys(inDefault).filter((code) => code !== "aborted");
    throw refused(`\`when.codes\` takes ${known.join(", ")}; "${unknown}" is none of them.`);
  }
  const named = hold === undefined || hold === "start" || hold === "end";
  if (!named && !(Number.isSafeInteger(hold) && hold > 0)) {
    throw refused(`\`hold\` must be "start", "end" or a whole number of characters from 1 on; it is ${String(hold)}.`);
  }
  const whole = when.schema ? "schema" : when.finishReasons?.length ? "finishReasons" : undefined;
  if (whole && hold !== undefined && hold !== "end") {
    throw refused(`\`when.${whole}\` needs the whole answer, so \`hold\` must be "end"; it is ${String(hold)}.`);
  }
  const isHeld = hold === "end" || (hold === undefined && (whole !== undefined || when.result !== undefined));
  if (continueMidStream && isHeld) {
    throw refused(
      '`continueMidStream` goes on from what the caller has seen, so `hold` must be "start" or a number; it is "end".',
    );
  }
}
