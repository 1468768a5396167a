import { ModelError, ModelReply } from "@plugboard/core";
import type { Callable, CallOptions, ModelKey, Prompt, Warning } from "@plugboard/core";
import { isReply } from "../is-reply.ts";
import { BudgetedAttempts } from "./budgeted-attempts.ts";
import type { BudgetTerms, Shortage } from "./budgeted-attempts.ts";
import { thinks } from "./charge.ts";
import { leavesOf } from "./leaves-of.ts";
import type { SliceTerms } from "./live-attempt.ts";
import { MeteredSource } from "./metered-source.ts";

type Asked<Request> = Request & Prompt & { readonly stream?: boolean };

/** An answer that the rest of the budget cuts shorter than this is not worth asking for. */
const leastOutput = 16;
/** How often a call is made shorter, while others take away what is left. */
const mostCuts = 5;

/** One call under a budget: asks for what the budget pays for, and for something else when it does not. */
export class BudgetedCall<Request extends CallOptions, Reply> {
  readonly #terms: BudgetTerms;
  readonly #attempts: BudgetedAttempts;
  readonly #slice: number | undefined;
  #model: Callable<Request, Reply>;
  #request: Request;
  /** Whether the maximum of the request is ours. */
  #isOurs = false;
  /** Whether it is what the rest of the budget pays for. */
  #isRest = false;
  #cuts = 0;
  #warnings: Warning[] | undefined;
  #downgraded: Warning | undefined;

  constructor(terms: BudgetTerms, model: Callable<Request, Reply>, request: Request) {
    this.#terms = terms;
    this.#model = model;
    this.#request = request;
    this.#slice = isChat(request) && isSliced(request) ? terms.policy.slice : undefined;
    this.#attempts = new BudgetedAttempts(terms, request, this.#slice);
  }

  /** @param leaves - the adapters behind the model */
  async run(leaves: readonly ModelKey[]): Promise<Reply> {
    this.#bound(leaves);
    const { admit, notify } = this.#attempts;
    for (;;) {
      try {
        const reply = await this.#model.call({ ...this.#request, admit, notify });
        this.#warn();
        return isReply(reply) ? ((await this.#follow(reply)) as Reply & ModelReply) : await this.#whole(reply);
      } catch (error) {
        if (this.#turn(error)) continue;
        if (this.#attempts.asked) this.#warn();
        if (this.#terms.waits) await this.#attempts.booked();
        throw error;
      }
    }
  }

  /** Sets a maximum where nobody knows one. */
  #bound(leaves: readonly ModelKey[]): void {
    const { policy, fallbackOutput } = this.#terms;
    const request = this.#request;
    if (!policy.setsMaximum || this.#slice !== undefined) return;
    if (!isChat(request) || (request.maxOutputTokens !== undefined && !this.#isOurs)) return;
    if (leaves.every((leaf) => this.#attempts.estimate.longest(leaf) !== undefined)) return;
    const why = leaves.length > 1 ? "no model's own limit is known" : "the model's own limit is not known";
    this.#cut(request, fallbackOutput, why);
  }

  /** Whether there is something else to ask for, after an attempt was refused and nothing has been asked yet. */
  #turn(error: unknown): boolean {
    const { shortage, asked } = this.#attempts;
    this.#attempts.shortage = undefined;
    if (!shortage || asked || !(error instanceof ModelError) || error.code !== "budget") return false;
    const request = this.#request;
    if (!isChat(request)) return false;
    return this.#downgrade(shortage) || this.#shorten(request, shortage);
  }

  #downgrade({ plan, reserved, refused }: Shortage): boolean {
    const { downgrade } = this.#terms.policy;
    if (!downgrade || this.#downgraded) return false;
    const message = `${plan.provider} ${plan.id} was to be asked, and ${downgrade.provider} ${downgrade.id} was: the budget for ${refused.scope.key} does not pay for the former.`;
    this.#downgraded = { code: "downgraded", message };
    this.#attempts.tell("downgraded", reserved.amount, plan);
    // A chat request has come, so this is the budget of a chat model.
    this.#model = downgrade as unknown as Callable<Request, Reply>;
    this.#bound(leavesOf(downgrade));
    return true;
  }

  /** Asks for an answer that is no longer than what the rest pays for. */
  #shorten(request: Asked<Request>, { plan, reserved, refused }: Shortage): boolean {
    const { policy, dearest } = this.#terms;
    const isOpen = request.maxOutputTokens === undefined || this.#isOurs;
    if (!policy.cuts && !(policy.setsMaximum && isOpen)) return false;
    if (reserved.input === Infinity || this.#cuts++ >= mostCuts) return false;
    const { scope, spend } = refused;
    const room = scope.limit - spend.spent - spend.assumed - spend.held;
    const fits = (output: number): boolean => (dearest.of(reserved.input, output, plan) ?? Infinity) <= room;
    const output = largest(reserved.output, fits);
    if (output < leastOutput) return false;
    this.#isRest = true;
    this.#cut(request, output, "the rest of the budget pays for no more");
    return true;
  }

  #cut(request: Asked<Request>, maxOutputTokens: number, why: string): void {
    const message = `The answer is bounded to ${maxOutputTokens} tokens: ${why}.`;
    this.#warnings = [{ code: "adapted", path: "maxOutputTokens", message }];
    this.#request = { ...request, maxOutputTokens };
    this.#isOurs = true;
  }

  /** Tells what was asked otherwise, once it is clear how. */
  #warn(): void {
    for (const warning of this.#warnings ?? []) this.#request.notify?.({ type: "warning", warning });
    this.#warnings = undefined;
  }

  async #whole(reply: Reply): Promise<Reply> {
    if (this.#terms.waits) await this.#attempts.booked();
    return reply;
  }

  async #follow(reply: ModelReply): Promise<ModelReply> {
    const downgraded = this.#downgraded;
    if (this.#isRest) {
      reply.through("finish", (event, emit) =>
        emit(event.finishReason === "length" ? { ...event, finishReason: "budget" } : event),
      );
    }
    if (downgraded) {
      reply.through("finish", (event, emit) => emit({ ...event, warnings: [...(event.warnings ?? []), downgraded] }));
    }
    const followed = this.#slice === undefined ? reply : await this.#meter(reply, this.#slice);
    if (this.#terms.waits) followed.onEnd(() => this.#attempts.booked());
    return followed;
  }

  #meter(reply: ModelReply, slice: number): Promise<ModelReply> {
    const attempts = this.#attempts;
    const terms: SliceTerms = {
      slice,
      counts: this.#terms.counts,
      estimate: attempts.estimate,
      goesOnUnchecked: this.#terms.policy.allowsUnchecked,
      onExtended: ({ plan }, amount) => attempts.tell("extended", amount, plan),
      onUnchecked: ({ plan, reserved }) => attempts.tell("unchecked", reserved.amount, plan),
      onRefused: () => source.look(),
      onFault: attempts.onFault,
    };
    const source: MeteredSource = new MeteredSource(reply, attempts.live, terms, () => {
      for (const { plan, reserved } of attempts.live) attempts.tell("cut", reserved.amount, plan);
    });
    return ModelReply.open(source);
  }
}

/** Whether it is asked of a chat model. */
function isChat<Request extends CallOptions>(request: Request): request is Asked<Request> {
  return "messages" in request;
}

/** Whether nothing bounds the answer and all that is billed can be seen as it comes. */
function isSliced(request: Prompt & { readonly stream?: boolean }): boolean {
  return request.stream === true && request.maxOutputTokens === undefined && !thinks({ request });
}

/** The largest whole number up to `most` that fits; 0 if not even 1 does. */
function largest(most: number, fits: (count: number) => boolean): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
