import { ModelReply } from "@plugboard/core";
import type { CallOptions, Callable, Model, ModelErrorCode, ModelRequest } from "@plugboard/core";
import { chatCombinator, combinator, isChat } from "../combinator.ts";
import { refused } from "../refused.ts";
import { Continuation } from "./continuation.ts";
import { cooldown as ownCooldown } from "./cooldown.ts";
import type { Cooldown } from "./cooldown.ts";
import { inTurn } from "./in-turn.ts";
import type { Handling } from "./in-turn.ts";
import { judge } from "./judge.ts";
import type { AnswerRules, FallbackHold } from "./judge.ts";
import type { Knowledge } from "./needs.ts";
import type { RowRules } from "./row.ts";
import { targetsOf } from "./target.ts";
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
 * told as a `failover` notice. Nothing is asked once the call is called off or its deadline has passed.
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
/** The same for what is no chat model: embeddings, reranking. */
export function fallback<Request extends CallOptions, Reply>(
  models: readonly OtherTarget<Request, Reply>[],
  options?: CommonFallbackOptions,
): Callable<Request, Reply>;
/** The same of either kind, for a function that passes on what it was given. */
export function fallback(
  list: readonly FallbackTarget[] | readonly OtherTarget<CallOptions, unknown>[],
  options?: FallbackOptions,
): Model | Callable<CallOptions, unknown>;
export function fallback(
  list: readonly FallbackTarget[] | readonly OtherTarget<CallOptions, unknown>[],
  options: FallbackOptions = {},
): Model | Callable<CallOptions, unknown> {
  check(options);
  if (areChat(list)) {
    const models = list.map((entry) => ("call" in entry ? entry : entry.model));
    return chatCombinator("fallback", models, inTurn(rulesFor(targetsOf(list), options), chatHandling(options)));
  }
  const targets = targetsOf(list);
  const models = targets.map(({ model }) => model);
  return combinator("fallback", models, inTurn(rulesFor(targets, options)));
}

function rulesFor<Request extends CallOptions, Reply>(
  targets: readonly Target<Request, Reply>[],
  options: FallbackOptions,
): RowRules<Request, Reply> {
  const codes = options.when?.codes && new Set<ModelErrorCode>(options.when.codes);
  // Who is alone is never left alone.
  const isAlone = targets.every(({ name }) => name === targets[0]?.name);
  const { cooldown = isAlone ? false : ownCooldown() } = options;
  return {
    targets,
    passes: ({ code }) => (codes ? codes.has(code) : inDefault[code]),
    cooldown: cooldown === false ? undefined : cooldown,
    knowledge: options,
  };
}

function areChat(
  list: readonly FallbackTarget[] | readonly OtherTarget<CallOptions, unknown>[],
): list is readonly FallbackTarget[] {
  return list.every((entry: FallbackTarget | OtherTarget<CallOptions, unknown>) =>
    isChat("call" in entry ? entry : entry.model),
  );
}

/** What is done with the answers of chat models: they are held, judged and, if they break off, gone on with. */
function chatHandling(options: FallbackOptions): Handling<ModelRequest, ModelReply> {
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
  };
}

function check({ when = {}, hold, continueMidStream }: FallbackOptions): void {
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
