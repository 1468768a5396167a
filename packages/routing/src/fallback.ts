import { ModelError, defineEmbeddingModel, defineModel, defineRerankModel } from "@plugboard/core";
import type { CallOptions, Callable, EmbeddingModel, Model, ModelErrorCode, RerankModel } from "@plugboard/core";
import { inTurn } from "./in-turn.ts";
import { judge } from "./judge.ts";
import type { AnswerRules, FallbackHold } from "./judge.ts";

/** At which failures the next model is asked. */
export interface FailureRules {
  /** Failures at which the next model is asked. @default all but `invalid-request`, `content-filter`, `budget` and `aborted` */
  readonly codes?: readonly FallbackCode[];
}

/** What can be fallen back from: everything but being called off. */
export type FallbackCode = Exclude<ModelErrorCode, "aborted">;

/** When the next model is asked: at which failures, and after which answers. */
export interface FallbackRules extends FailureRules, AnswerRules {}

/** Told apart from the kinds of models that have more than `call`. */
interface NoMethods {
  readonly generate?: never;
  readonly embed?: never;
  readonly rerank?: never;
}

/** What can be called, of whatever kind. */
type AnyModel = Model | EmbeddingModel | RerankModel | Callable<CallOptions, unknown>;

/** When the next model is asked, and how much of an answer is held back until then. */
export interface FallbackOptions {
  /** When the next model is asked. The last one's answer is not judged: a doubtful answer is better than none. */
  readonly when?: FallbackRules;
  /**
   * How much of an answer is kept back before the caller gets any, and can still come from another model: up to its first content,
   * so many characters of text, or all of it. `generate` waits for the end in any case.
   * @default "end" where `when` judges answers, otherwise "start"
   */
  readonly hold?: FallbackHold;
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
 * A failure after the first content goes to the reader, with what was said in `partial`, unless the answer is held for longer.
 *
 * @throws {ModelError} when all fail: with the code of the first failure that may pass, or of the first, a sentence that tells each,
 * and all of them, in order, in `cause.errors`. `invalid-request` for an empty list, or one with the same model twice.
 * @example
 * const model = fallback([openai("gpt-4o"), anthropic("claude-sonnet-4-5")]).with(retry());
 */
export function fallback(models: readonly Model[], options?: FallbackOptions): Model;
/**
 * The same for embeddings: all vectors of one call are of one model, and `model` in the result says which. Vectors of different models
 * cannot be compared, so give it the same model at several places.
 */
export function fallback(models: readonly EmbeddingModel[], options?: { readonly when?: FailureRules }): EmbeddingModel;
/** The same for reranking. */
export function fallback(models: readonly RerankModel[], options?: { readonly when?: FailureRules }): RerankModel;
/** The same for whatever else answers calls. */
export function fallback<Request extends CallOptions, Reply>(
  models: readonly (Callable<Request, Reply> & NoMethods)[],
  options?: { readonly when?: FailureRules },
): Callable<Request, Reply>;
export function fallback(models: readonly AnyModel[], options: FallbackOptions = {}): AnyModel {
  check(models, options);
  const codes = options.when?.codes && new Set<ModelErrorCode>(options.when.codes);
  const passes = ({ code }: ModelError): boolean => (codes ? codes.has(code) : inDefault[code]);
  const id = `fallback(${models.map((model) => model.id).join(",")})`;
  const provider = "plugboard";

  if (areChat(models)) return defineModel({ provider, id, models, call: inTurn(models, passes, judge(options)) });
  if (areEmbedding(models)) return defineEmbeddingModel({ provider, id, models, call: inTurn(models, passes) });
  if (areRerank(models)) return defineRerankModel({ provider, id, models, call: inTurn(models, passes) });
  const others = models as readonly Callable<CallOptions, unknown>[];
  const fingerprint = `${provider}:${id}[${models.map((model) => model.fingerprint).join(",")}]`;
  return { provider, id, fingerprint, models: others, call: inTurn(others, passes) };
}

function check(models: readonly object[], { when = {}, hold }: FallbackOptions): void {
  if (models.length === 0) throw refused("`fallback` needs at least one model; the list is empty.");
  const twice = models.findIndex((model, place) => models.indexOf(model) !== place);
  if (twice !== -1) throw refused(`\`fallback\` takes each model once; models[${twice}] is there before.`);

  const unknown = when.codes?.find((code) => !Object.hasOwn(inDefault, code) || (code as string) === "aborted");
  if (unknown !== undefined) {
    const known = Object.keys(inDefault).filter((code) => code !== "aborted");
    throw refused(`\`when.codes\` takes ${known.join(", ")}; "${unknown}" is none of them.`);
  }
  const named = hold === undefined || hold === "start" || hold === "end";
  if (!named && !(Number.isSafeInteger(hold) && hold > 0)) {
    throw refused(`\`hold\` must be "start", "end" or a whole number of characters from 1 on; it is ${String(hold)}.`);
  }
  if (when.finishReasons?.length && hold !== undefined && hold !== "end") {
    throw refused(`\`when.finishReasons\` needs the whole answer, so \`hold\` must be "end"; it is ${String(hold)}.`);
  }
}

function refused(sentence: string): ModelError {
  return new ModelError(sentence, { code: "invalid-request" });
}

function areChat(models: readonly AnyModel[]): models is readonly Model[] {
  return models.every((model) => "generate" in model);
}

function areEmbedding(models: readonly AnyModel[]): models is readonly EmbeddingModel[] {
  return models.every((model) => "embed" in model);
}

function areRerank(models: readonly AnyModel[]): models is readonly RerankModel[] {
  return models.every((model) => "rerank" in model);
}
