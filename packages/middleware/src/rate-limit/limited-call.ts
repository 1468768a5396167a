import { ModelError } from "@plugboard/core";
import type { Attempt, AttemptPlan, CallOptions, Limit, Notice, TokenCounter } from "@plugboard/core";
import type { Lines } from "../lines.ts";
import { costOf } from "./rate-rules.ts";
import type { Amount, RuleTake, TakesOf } from "./rate-rules.ts";
import { estimateTokens, usedTokens } from "./token-estimate.ts";
import type { TokenEstimate } from "./token-estimate.ts";
import type { Taken, Takings } from "./takings.ts";
import { ToldLimits } from "./told-limits.ts";

/** What all calls through one rate limit have in common. */
export interface RateTerms {
  readonly takesOf: TakesOf;
  readonly takings: Takings;
  readonly lines: Lines;
  /** What providers said, by the model. */
  readonly told: Map<string, ToldLimits>;
  readonly count: TokenCounter | undefined;
  readonly outputTokens: number;
  /** The most milliseconds that an attempt waits. */
  readonly patience: number;
}

/** An attempt under way, and what it took. */
interface Live {
  readonly estimate: TokenEstimate;
  readonly takes: readonly RuleTake[];
  readonly taken: Taken;
}

/** Why an attempt has to wait, and for how long. */
type Hold =
  | { readonly delay: number; readonly limit: Limit; readonly amount?: never }
  | { readonly delay: number; readonly amount: Amount; readonly limit?: never };

/** Who looks again whether there is room does so at least this often, in milliseconds: other processes give back, too. */
const longestSleep = 2000;

/** One call under rate limits: each of its attempts takes before it is made, and gives back what it did not use. */
export class LimitedCall {
  readonly #terms: RateTerms;
  readonly #request: CallOptions;
  readonly #live = new Map<AttemptPlan, Live>();
  /** 429s that were heard of. */
  readonly #refusals = new WeakSet<ModelError>();
  /** Attempts that may have answered. */
  readonly #answering = new Set<AttemptPlan>();

  constructor(terms: RateTerms, request: CallOptions) {
    this.#terms = terms;
    this.#request = request;
  }

  /**
   * Waits until there is room for the attempt.
   *
   * @throws {ModelError} `rate-limit` if that would take too long, `context-length` for what is more than a whole limit
   */
  readonly admit = async (plan: AttemptPlan): Promise<void> => {
    const { takesOf } = this.#terms;
    const estimate = await estimateTokens(plan, this.#terms, this.#onFault);
    const takes = takesOf(plan, estimate);
    const taken = await this.#takeInTurn(plan, takes, estimate);

    // Those further out come after: whoever says yes is then sure that the attempt is made.
    try {
      await this.#request.admit?.(plan);
    } catch (error) {
      this.#giveBack(takes, taken);
      throw error;
    }
    this.#live.set(plan, { estimate, takes, taken });
  };

  /** Hears of the end of attempts, and books what they used. */
  readonly notify = (notice: Notice): void => {
    if (notice.type === "attempt") {
      const { attempt, plan } = notice;
      if (attempt.outcome === "running") this.#answering.add(plan);
      else this.#ended(attempt, plan);
    } else if ("error" in notice) this.refused(notice.error);
    this.#request.notify?.(notice);
  };

  /** Takes note of what the provider said of its limits, where it is clear which one that was. */
  hear(headers: Readonly<Record<string, string>> | undefined): void {
    if (!headers || this.#answering.size !== 1) return;
    for (const plan of this.#answering) this.#toldOf(plan).hear(headers, performance.now());
  }

  /** Takes note of a 429 that says when to come back; once, however often it is told of. */
  refused(error: unknown): void {
    if (!(error instanceof ModelError) || error.status !== 429 || error.code !== "rate-limit") return;
    const { retryAfter, provider, model, cause } = error;
    // What says all that went wrong says of each what was told before.
    if (!retryAfter || provider === undefined || model === undefined || cause instanceof AggregateError) return;
    if (this.#refusals.has(error)) return;
    this.#refusals.add(error);
    this.#toldOf({ provider, id: model }).shut(retryAfter, performance.now());
  }

  #toldOf({ provider, id }: Pick<AttemptPlan, "provider" | "id">): ToldLimits {
    const { told } = this.#terms;
    const name = `${provider} ${id}`;
    let known = told.get(name);
    if (!known) told.set(name, (known = new ToldLimits()));
    return known;
  }

  async #takeInTurn(plan: AttemptPlan, takes: readonly RuleTake[], estimate: TokenEstimate): Promise<Taken> {
    const { lines, patience } = this.#terms;
    const { signal, deadline, notify } = this.#request;
    const began = performance.now();
    const name = takes.length === 0 ? `${plan.provider} ${plan.id}` : takes.map(({ key }) => key).join(" ");
    // Nobody goes past those who wait for the same.
    let hold = patience === 0 || lines.isFree(name) ? await this.#tryTake(plan, takes, estimate) : undefined;
    if (hold && "from" in hold) return hold;

    let taken: Taken | undefined;
    if (patience > 0) {
      notify?.({ type: "limit", step: "waiting", by: "rate", waited: 0 });
      taken = await lines.stand(name, { signal, deadline, patience }, async (sleep) => {
        for (;;) {
          hold = await this.#tryTake(plan, takes, estimate);
          if ("from" in hold) return hold;
          const left = Math.min(patience - (performance.now() - began), (deadline ?? Infinity) - Date.now());
          if (hold.delay > left) return undefined;
          await sleep(Math.min(hold.delay, longestSleep));
        }
      });
    }
    const waited = Math.round(performance.now() - began);
    notify?.({ type: "limit", step: taken ? "admitted" : "refused", by: "rate", waited });
    if (!taken) throw refusal(plan, hold);
    return taken;
  }

  /** Takes of all limits, or says for which to wait. */
  async #tryTake(plan: AttemptPlan, takes: readonly RuleTake[], estimate: TokenEstimate): Promise<Taken | Hold> {
    const told = this.#toldOf(plan);
    const now = performance.now();
    const wait = told.wait(estimate, now);
    if (wait) return wait;
    // Before the store is asked, so that those who come meanwhile see it.
    const undo = told.take(estimate, now);
    const taken = await this.#terms.takings.take(takes, this.#onFault);
    if ("from" in taken) return taken;
    undo();
    if (taken.retryAfter === Infinity) throw tooLarge(plan, takes, taken.limit);
    return { delay: taken.retryAfter, limit: taken.limit };
  }

  #ended(attempt: Attempt, plan: AttemptPlan): void {
    if (attempt.outcome !== "finished") this.#answering.delete(plan);
    const live = this.#live.get(plan);
    if (!live) return;
    this.#live.delete(plan);
    const { estimate, takes, taken } = live;
    const used = useOf(attempt, estimate);
    const back: RuleTake[] = [];
    const more: RuleTake[] = [];
    for (const take of takes) {
      const cost = take.amount === "requests" ? used.requests : costOf(take.amount, used);
      if (cost < take.cost) back.push({ ...take, cost: take.cost - cost });
      else if (cost > take.cost) more.push({ ...take, cost: cost - take.cost });
    }
    if (back.length > 0) this.#giveBack(back, taken);
    // What was used is used: where there is no room for it any more, the limit is full as it is.
    for (const take of more) void this.#terms.takings.take([take], this.#onFault);
  }

  #giveBack(takes: readonly RuleTake[], taken: Taken): void {
    void this.#terms.takings.refund(takes, taken, this.#onFault).then(() => this.#terms.lines.wake());
  }

  readonly #onFault = (error: unknown): void => this.#request.notify?.({ type: "fault", error });
}

/** What an attempt used: of one that was never sent nothing, of one that was refused no tokens, of one that broke off all it took. */
function useOf(attempt: Attempt, estimate: TokenEstimate): TokenEstimate & { readonly requests: number } {
  if (attempt.unbilled) {
    const wasSent = !(attempt.error === "network" || attempt.error === "timeout" || attempt.error === "aborted");
    return { requests: wasSent ? 1 : 0, input: 0, output: 0 };
  }
  const isWhole = attempt.outcome === "finished" && attempt.usage;
  return { requests: 1, ...(isWhole ? usedTokens(isWhole, estimate) : estimate) };
}

function refusal({ provider, id }: AttemptPlan, hold: Taken | Hold | undefined): ModelError {
  const of = `${provider} ${id}`;
  if (!hold || "from" in hold) {
    return new ModelError(`Too many calls of ${of} wait for their turn already, or for too long.`, {
      code: "rate-limit",
    });
  }
  const { delay, limit, amount } = hold;
  const why = limit
    ? `the limit "${limit.key}" of ${limit.limit} within ${limit.window} ms is reached`
    : `${of} says that its limit of ${amount} is reached`;
  return new ModelError(`Too many calls of ${of}: ${why}, and there is room in ${Math.ceil(delay)} ms.`, {
    code: "rate-limit",
    retryAfter: Math.ceil(delay),
  });
}

function tooLarge({ provider, id }: AttemptPlan, takes: readonly RuleTake[], limit: Limit): ModelError {
  const cost = takes.find(({ key, window }) => key === limit.key && window === limit.window)?.cost;
  const message = `A call of ${provider} ${id} needs about ${cost} of the limit "${limit.key}", which is ${limit.limit} within ${limit.window} ms: shorten the prompt, or ask for a shorter answer.`;
  return new ModelError(message, { code: "context-length" });
}
