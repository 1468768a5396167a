import { ModelError, defineEmbeddingModel, defineModel, defineRerankModel } from "@plugboard/core";
import type { Call, CallOptions, Callable, EmbeddingModel, Model, Outcome, RerankModel } from "@plugboard/core";
import { areChat, areEmbedding, areRerank } from "../kinds.ts";
import type { AnyModel, NoMethods } from "../kinds.ts";
import { bare, named } from "../named.ts";
import { refused } from "../refused.ts";
import { chatReplies } from "../replies.ts";
import type { Replies } from "../replies.ts";
import { Pool } from "./pool.ts";
import type { EjectionOptions, Member } from "./pool.ts";
import type { Candidate, Policy } from "./policy.ts";
import { weighted } from "./weighted.ts";

/** A model and how much of the load it takes. */
export interface WeightedModel<Of> {
  readonly model: Of;
  /** In proportion to the others, above 0. @default 1 */
  readonly weight?: number;
}

/** How calls are shared out. */
export interface BalanceOptions {
  /** Who is asked next. @default weighted() */
  readonly by?: Policy;
  /** When a model that fails gets no calls any more; `false` for never. @default after 5 failures in a row, for 30 seconds or more */
  readonly eject?: EjectionOptions | false;
}

/**
 * Shares calls out among models that can stand for each other: deployments, regions, keys, accounts. Each call goes to one of them.
 *
 * One that fails five times in a row is ejected, at most half of them at once, and tried again by and by; one whose provider asks to wait
 * is left alone until then. The call that failed is not repeated here: with `retry` around it the next attempt may go to another, with
 * `fallback` it goes to whom you say.
 *
 * @throws {ModelError} what the chosen model failed with; `invalid-request` for an empty list, the same model twice or a weight that is none
 * @example
 * const model = balance([azure("gpt-4o", berlin), azure("gpt-4o", paris)], { by: lowestLatency() }).with(retry());
 */
export function balance(models: readonly (Model | WeightedModel<Model>)[], options?: BalanceOptions): Model;
/** The same for embeddings, of one model at several places: vectors of different models cannot be compared. */
export function balance(
  models: readonly (EmbeddingModel | WeightedModel<EmbeddingModel>)[],
  options?: BalanceOptions,
): EmbeddingModel;
/** The same for reranking. */
export function balance(
  models: readonly (RerankModel | WeightedModel<RerankModel>)[],
  options?: BalanceOptions,
): RerankModel;
/** The same for whatever else answers calls. */
export function balance<Request extends CallOptions, Reply>(
  models: readonly (Bare<Request, Reply> | WeightedModel<Bare<Request, Reply>>)[],
  options?: BalanceOptions,
): Callable<Request, Reply>;
export function balance(list: readonly (AnyModel | WeightedModel<AnyModel>)[], options: BalanceOptions = {}): AnyModel {
  const models = list.map((entry) => ("call" in entry ? entry : entry.model));
  const weights = list.map((entry) => ("call" in entry ? 1 : (entry.weight ?? 1)));
  check(models, weights);
  const how = { ...options, weights };
  if (areChat(models)) return defineModel({ ...named("balance", models), call: balanced(models, how, chatReplies) });
  if (areEmbedding(models)) return defineEmbeddingModel({ ...named("balance", models), call: balanced(models, how) });
  if (areRerank(models)) return defineRerankModel({ ...named("balance", models), call: balanced(models, how) });
  const others = models as readonly Callable<CallOptions, unknown>[];
  return bare("balance", others, balanced(others, how));
}

/** A model that has no more than `call`. */
type Bare<Request extends CallOptions, Reply> = Callable<Request, Reply> & NoMethods;

function balanced<Request extends CallOptions, Reply>(
  models: readonly Callable<Request, Reply>[],
  { by = weighted(), eject = {}, weights }: BalanceOptions & { readonly weights: readonly number[] },
  replies?: Replies<Reply>,
): Call<Request, Reply> {
  const pool = new Pool(models, weights, eject);
  const choose = by();
  const chooseInTurn = weighted()();

  /** A policy that fails, by a key or a price of the application's, costs no call: that goes to the next in turn. */
  function chosenOf(candidates: readonly Member<Request, Reply>[], request: Request): Candidate {
    try {
      return choose(candidates, request);
    } catch (error) {
      request.notify?.({ type: "fault", error });
      return chooseInTurn(candidates, request);
    }
  }

  function memberFor(request: Request): Member<Request, Reply> {
    const candidates = pool.candidates();
    const chosen = chosenOf(candidates, request);
    const member = candidates.find((candidate) => candidate === chosen);
    if (!member) throw refused("`by` must choose one of the candidates that it is given.");
    return member;
  }

  return async (request) => {
    const member = memberFor(request);
    const since = performance.now();
    const times = "stream" in request && request.stream === true ? member.streamed : member.whole;
    let started = false;
    member.inFlight++;

    function end(outcome: Pick<Outcome, "status"> & { readonly error?: ModelError }): void {
      member.inFlight--;
      const now = performance.now();
      if (!started) times.observeAtLeast(now - since, now);
      if (outcome.status === "finished") pool.succeeded(member, since, request);
      else if (outcome.error) pool.failed(member, since, outcome.error, request);
    }

    try {
      const reply = await member.model.call(request);
      started = true;
      const now = performance.now();
      times.observe(now - since, now);
      if (replies) replies.onEnd(reply, end);
      else end({ status: "finished" });
      return reply;
    } catch (cause) {
      const error = ModelError.from(cause, { code: "unknown", provider: member.key.provider, model: member.key.id });
      end({ status: "failed", error });
      throw error;
    }
  };
}

function check(models: readonly object[], weights: readonly number[]): void {
  if (models.length === 0) throw refused("`balance` needs at least one model; the list is empty.");
  const twice = models.findIndex((model, place) => models.indexOf(model) !== place);
  if (twice !== -1) {
    throw refused(`\`balance\` takes each model once, with a \`weight\`; models[${twice}] is there before.`);
  }
  for (const [place, weight] of weights.entries()) {
    if (Number.isFinite(weight) && weight > 0) continue;
    throw refused(`\`models[${place}].weight\` must be a number above 0; it is ${String(weight)}.`);
  }
}
