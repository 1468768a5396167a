import { ModelError } from "@plugboard/core";
import type {
  AttemptPlan,
  BudgetScope,
  CallOptions,
  Ledger,
  LimitsLookup,
  ModelKey,
  NanoDollars,
  Notice,
  Notices,
  PriceLookup,
  Prompt,
  ReserveOutcome,
  TokenCounter,
} from "@plugboard/core";
import { asPrompt } from "../as-prompt.ts";
import { chargeOf } from "./charge.ts";
import type { Charge, Reserved } from "./charge.ts";
import { hold } from "./hold.ts";
import type { Hold } from "./hold.ts";
import { Estimate } from "./worst-case.ts";
import { usd } from "./usd.ts";

/** What all calls of one budgeted model have in common. */
export interface BudgetTerms {
  readonly ledger: Ledger;
  readonly price: PriceLookup;
  readonly limits: LimitsLookup | undefined;
  readonly count: TokenCounter;
  readonly lease: number;
  /** Reserved where no worst case is known. */
  readonly assumed: NanoDollars | undefined;
  /** Asked for where nothing bounds the answer. */
  readonly fallbackOutput: number;
  /** The adapters that may be called. */
  readonly leaves: readonly ModelKey[];
}

/** An attempt under way. */
interface Live {
  readonly hold: Hold;
  readonly reserved: Reserved;
}

/** An answer that the rest of the budget cuts shorter than this is not worth asking for. */
const leastOutput = 16;

/** One call under a budget: reserves for each of its attempts, and books each when it ends. */
export class BudgetedCall {
  readonly #terms: BudgetTerms;
  readonly #request: CallOptions;
  readonly #scopes: readonly BudgetScope[];
  readonly #estimate: Estimate;
  readonly #live = new Map<AttemptPlan, Live>();
  #bookings: Promise<void>[] | undefined;

  constructor(terms: BudgetTerms, request: CallOptions, scopes: readonly BudgetScope[]) {
    this.#terms = terms;
    this.#request = request;
    this.#scopes = scopes;
    this.#estimate = new Estimate(terms.price, terms.limits, terms.count);
  }

  /** The request with a maximum that the rest of the budget pays for, where it has none of its own. */
  async bound<Request extends CallOptions>(request: Request): Promise<Request> {
    if (!isPrompt(request) || request.maxOutputTokens !== undefined) return request;
    const { leaves, fallbackOutput } = this.#terms;
    const estimate = this.#estimate;
    const [model, ...others] = leaves;
    if (others.length > 0) {
      const known = leaves.every((leaf) => estimate.longest(leaf) !== undefined);
      return known ? request : this.#cut(request, fallbackOutput, "no model's own limit is known");
    }

    const known = estimate.longest(model!);
    const most = known ?? fallbackOutput;
    const input = await estimate.inputOf(request, model!);
    if (input === Infinity) return request;
    const room = await this.#room();
    const fits = (output: number): boolean => (estimate.dearest(input, output, model!) ?? Infinity) <= room;
    if (fits(most)) {
      return known === undefined ? this.#cut(request, most, "the model's own limit is not known") : request;
    }
    const output = largest(most, fits);
    return output < leastOutput ? request : this.#cut(request, output, "the rest of the budget pays for no more");
  }

  /** Reserves the most that an attempt can cost. @throws {ModelError} `budget` when there is no room for it, or no telling */
  readonly admit = async (plan: AttemptPlan): Promise<void> => {
    const reserved = await this.#worstCase(plan);
    const held = await this.#hold(plan, reserved.amount);
    if ("granted" in held) throw refusal(plan, describe(held, reserved.amount, plan));
    this.#tell("reserved", reserved.amount, plan);

    // Those further out come after: whoever says yes is then sure that the attempt is made.
    try {
      await this.#request.admit?.(plan);
    } catch (error) {
      await held.release();
      this.#tell("released", reserved.amount, plan);
      throw error;
    }
    this.#live.set(plan, { hold: held, reserved });
  };

  /** Hears of the end of attempts, and books them. */
  readonly notify = (notice: Notice): void => {
    if (notice.type === "attempt" && notice.attempt.outcome !== "running") {
      const attempt = this.#live.get(notice.plan);
      this.#live.delete(notice.plan);
      if (attempt) (this.#bookings ??= []).push(this.#close(notice, attempt));
    }
    this.#request.notify?.(notice);
  };

  /** Resolves once everything so far is booked. */
  async booked(): Promise<void> {
    await Promise.all(this.#bookings ?? []);
  }

  async #worstCase(plan: AttemptPlan): Promise<Reserved> {
    const { assumed } = this.#terms;
    const worst = this.#estimate.worstCase(await this.#estimate.inputOf(asPrompt(plan.request), plan), plan);
    if (worst.missing === undefined) return worst;
    if (assumed !== undefined) return { amount: assumed, input: Infinity, output: Infinity };
    const message = `${plan.provider} ${plan.id} has no worst case to reserve: what is missing is ${worst.missing}.`;
    throw refusal(plan, message);
  }

  async #hold(plan: AttemptPlan, amount: NanoDollars): ReturnType<typeof hold> {
    const { ledger, lease } = this.#terms;
    const reservation = { id: crypto.randomUUID(), amount, scopes: this.#scopes, lease };
    try {
      return await hold(ledger, reservation, this.#onFault);
    } catch (cause) {
      throw refusal(plan, "The budget cannot be read, so nothing is spent.", cause);
    }
  }

  #close(notice: Notices["attempt"], { hold, reserved }: Live): Promise<void> {
    const { plan, attempt } = notice;
    if (attempt.unbilled) {
      this.#tell("released", reserved.amount, plan);
      return hold.release();
    }
    const book = (charge: Charge): Promise<void> => {
      this.#tell("settled", charge.amount, plan, charge.estimated);
      return hold.settle(charge.amount);
    };
    const inFull = (error: unknown): Promise<void> => {
      this.#onFault(error);
      return book({ amount: reserved.amount, estimated: true });
    };
    try {
      const charge = chargeOf(notice, reserved, this.#estimate);
      return "then" in charge ? charge.then(book, inFull) : book(charge);
    } catch (error) {
      return inFull(error);
    }
  }

  /** What may still be reserved; infinite when the ledger does not say, since `reserve` decides. */
  async #room(): Promise<number> {
    let room = Infinity;
    try {
      for (const { key, limit, window } of this.#scopes) {
        const { spent, assumed, held } = await this.#terms.ledger.spend(key, window);
        room = Math.min(room, limit - spent - assumed - held);
      }
    } catch {
      return Infinity;
    }
    return room;
  }

  #cut<Request extends CallOptions>(request: Request, maxOutputTokens: number, why: string): Request {
    const message = `The answer is bounded to ${maxOutputTokens} tokens: ${why}.`;
    const warning = { code: "adapted", path: "maxOutputTokens", message } as const;
    this.#request.notify?.({ type: "warning", warning });
    return { ...request, maxOutputTokens };
  }

  #tell(step: Notices["budget"]["step"], amount: NanoDollars, plan: AttemptPlan, estimated?: true): void {
    this.#request.notify?.({ type: "budget", step, amount, plan, ...(estimated && { estimated }) });
  }

  readonly #onFault = (error: unknown): void => this.#request.notify?.({ type: "fault", error });
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

function isPrompt<Request extends CallOptions>(request: Request): request is Request & Prompt {
  return "messages" in request;
}

function describe(
  { scope, spend }: Extract<ReserveOutcome, { granted: false }>,
  amount: NanoDollars,
  { provider, id }: AttemptPlan,
): string {
  const window =
    typeof scope.window === "string"
      ? { total: "in all", day: "a day", month: "a month" }[scope.window]
      : `in ${scope.window.rolling} ms`;
  const spent = usd(spend.spent + spend.assumed);
  return `The budget for ${scope.key} does not pay for this: of ${usd(scope.limit)} ${window}, ${spent} is spent and ${usd(spend.held)} held, and ${provider} ${id} can need ${usd(amount)}.`;
}

function refusal({ provider, id }: AttemptPlan, message: string, cause?: unknown): ModelError {
  return new ModelError(message, { code: "budget", provider, model: id, ...(cause !== undefined && { cause }) });
}
