import type {
  AttemptPlan,
  BudgetScope,
  CallOptions,
  LimitsLookup,
  NanoDollars,
  Notice,
  Notices,
  Reservation,
  TokenCounter,
} from "@plugboard/core";
import { asPrompt } from "../as-prompt.ts";
import type { Alerts } from "./alerts.ts";
import type { ScopesOf } from "./budget-limit.ts";
import type { Policy } from "./budget-policy.ts";
import { chargeOf, thinks } from "./charge.ts";
import type { Charge, Reserved } from "./charge.ts";
import type { Dearest } from "./dearest.ts";
import { Hold } from "./hold.ts";
import type { HoldListener, HoldTerms, Refused } from "./hold.ts";
import type { LabelSets } from "./label-sets.ts";
import { LiveAttempt } from "./live-attempt.ts";
import type { BudgetStep } from "./notices.ts";
import { noRoom, noTurn, noWorstCase, unread } from "./refusals.ts";
import { mayFit } from "./waiting.ts";
import type { Waiting } from "./waiting.ts";
import { Estimate } from "./worst-case.ts";

/** What all calls of one budget have in common. */
export interface BudgetTerms {
  readonly policy: Policy;
  readonly scopesOf: ScopesOf;
  readonly labels: LabelSets;
  /** Unique to a reservation, everywhere. */
  readonly newId: () => string;
  readonly holds: HoldTerms;
  readonly waiting: Waiting;
  readonly alerts: Alerts;
  readonly dearest: Dearest;
  readonly limits: LimitsLookup | undefined;
  readonly count: TokenCounter;
  /** Whether the application gave a counter. */
  readonly counts: boolean;
  /** Milliseconds. */
  readonly lease: number;
  /** Asked for where nothing bounds the answer. */
  readonly fallbackOutput: number;
  /** Whether an answer is over only once all is booked. */
  readonly waits: boolean;
}

/** A limit had no room for an attempt. */
export interface Shortage {
  readonly refused: Refused;
  readonly reserved: Reserved;
  readonly plan: AttemptPlan;
}

/** The attempts of one call under a budget: reserves for each, and books each when it ends. */
export class BudgetedAttempts {
  readonly estimate: Estimate;
  /** Those under way. */
  readonly live: LiveAttempt[] = [];
  /** Why the last one was refused for want of room. */
  shortage: Shortage | undefined;
  /** Whether anything has been asked. */
  asked = false;
  readonly #terms: BudgetTerms;
  readonly #request: CallOptions;
  readonly #slice: number | undefined;
  #bookings: Promise<void>[] | undefined;

  /** @param slice - output tokens that are reserved at first of an answer that nothing bounds */
  constructor(terms: BudgetTerms, request: CallOptions, slice: number | undefined) {
    this.#terms = terms;
    this.#request = request;
    this.#slice = slice;
    this.estimate = new Estimate(terms.dearest, terms.limits, terms.count);
  }

  /**
   * Reserves the most that an attempt can cost, or its first slice.
   *
   * @throws {ModelError} `budget` when there is no room for it, or no telling
   */
  readonly admit = async (plan: AttemptPlan): Promise<void> => {
    const counted = this.estimate.inputOf(asPrompt(plan.request), plan);
    const reserved = this.#worstCase(typeof counted === "number" ? counted : await counted, plan);
    const scopes = this.#terms.scopesOf(plan);
    const hold = await this.#hold(plan, scopes, reserved);
    this.tell("reserved", reserved.amount, plan, reserved);

    // Those further out come after: whoever says yes is then sure that the attempt is made.
    if (this.#request.admit) {
      try {
        await this.#request.admit(plan);
      } catch (error) {
        await hold.release();
        this.tell("released", reserved.amount, plan);
        throw error;
      }
    }
    this.live.push(new LiveAttempt(plan, scopes, hold, reserved));
  };

  /** Hears of the end of attempts, and books them. */
  readonly notify = (notice: Notice): void => {
    if (notice.type === "attempt") {
      if (notice.attempt.outcome === "running") this.asked = true;
      else this.#ended(notice);
    }
    this.#request.notify?.(notice);
  };

  /** Resolves once everything so far is booked. */
  async booked(): Promise<void> {
    await Promise.all(this.#bookings ?? []);
  }

  tell(
    step: BudgetStep,
    amount: NanoDollars,
    plan: AttemptPlan,
    more?: Pick<Reserved, "unpriced"> & Partial<Charge>,
  ): void {
    const { notify } = this.#request;
    if (!notify) return;
    const { estimated, unpriced } = more ?? {};
    notify({ type: "budget", step, amount, plan, ...(estimated && { estimated }), ...(unpriced && { unpriced }) });
  }

  readonly onFault = (error: unknown): void => this.#request.notify?.({ type: "fault", error });

  #worstCase(input: number, plan: AttemptPlan): Reserved {
    const { cap, allowsUnpriced } = this.#terms.policy;
    const slice = this.#slice !== undefined && !thinks(plan) ? this.#slice : undefined;
    const worst = this.estimate.worstCase(input, plan, slice);
    if (worst.missing === undefined) {
      const isSlice = slice !== undefined && "messages" in plan.request && plan.request.maxOutputTokens === undefined;
      const longest = isSlice ? (this.estimate.longest(plan) ?? Infinity) : worst.output;
      return { amount: worst.amount, input: worst.input, output: worst.output, longest };
    }
    const unknown = { input: Infinity, output: Infinity, longest: Infinity };
    if (worst.unpriced && cap !== undefined) return { amount: cap, ...unknown };
    if (worst.unpriced && allowsUnpriced) return { amount: 0, ...unknown, unpriced: true };
    throw noWorstCase(plan, worst.missing);
  }

  async #hold(plan: AttemptPlan, scopes: readonly BudgetScope[], reserved: Reserved): Promise<Hold> {
    const { policy, waiting, holds, labels, lease } = this.#terms;
    const { amount, unpriced = false } = reserved;
    const reservation = { id: this.#terms.newId(), amount, scopes, lease, labels: labels.of(plan, unpriced) };
    const listener: HoldListener = {
      onFault: this.onFault,
      onLate: (step, booked) => this.tell(step, booked, plan),
    };
    const reserve = async (): Promise<Hold | Refused> => {
      try {
        return await Hold.of(holds, reservation, listener);
      } catch (cause) {
        return this.#unchecked(plan, reservation, listener, cause);
      }
    };

    const ahead = policy.wait === undefined ? undefined : waiting.lineOf(scopes);
    let outcome = ahead ? undefined : await reserve();
    if (outcome instanceof Hold) return outcome;
    const patience = policy.wait ?? 0;
    const scope = outcome ? outcome.scope : ahead;
    if (patience > 0 && scope && (!outcome || mayFit(outcome, amount, patience))) {
      this.tell("waiting", amount, plan);
      const { signal, deadline } = this.#request;
      outcome = (await waiting.stand(scope, { signal, deadline, patience }, amount, reserve)) ?? outcome;
      if (outcome instanceof Hold) return outcome;
    }
    if (!outcome) throw noTurn(plan, patience);
    this.shortage = { refused: outcome, reserved, plan };
    throw noRoom(plan, outcome, amount);
  }

  /** The ledger is down. @throws {ModelError} `budget`, unless the policy allows an attempt all the same */
  #unchecked(plan: AttemptPlan, reservation: Reservation, listener: HoldListener, cause: unknown): Hold {
    const { policy, holds } = this.#terms;
    if (!policy.allowsUnchecked) {
      Hold.forget(holds, reservation);
      throw unread(plan, cause);
    }
    this.onFault(cause);
    this.tell("unchecked", reservation.amount, plan);
    return Hold.unchecked(holds, reservation, listener);
  }

  #ended(notice: Notices["attempt"]): void {
    const place = this.live.findIndex(({ plan }) => plan === notice.plan);
    if (place < 0) return;
    const [live] = this.live.splice(place, 1);
    let booking = this.#close(notice, live!);
    if (this.#terms.alerts.any) {
      booking = booking.then(() => this.#terms.alerts.look(live!.scopes, this.#request.notify));
    }
    if (this.#terms.waits) (this.#bookings ??= []).push(booking);
  }

  #close(notice: Notices["attempt"], { hold, reserved }: LiveAttempt): Promise<void> {
    const { plan, attempt } = notice;
    if (attempt.unbilled) {
      this.tell("released", reserved.amount, plan);
      return hold.release();
    }
    const book = (charge: Charge): Promise<void> => {
      this.tell("settled", charge.amount, plan, { ...charge, ...(reserved.unpriced && { unpriced: true }) });
      return hold.settle(charge.amount);
    };
    const inFull = (error: unknown): Promise<void> => {
      this.onFault(error);
      return book({ amount: reserved.amount, estimated: true });
    };
    try {
      const charge = chargeOf(notice, reserved, this.estimate);
      return "then" in charge ? charge.then(book, inFull) : book(charge);
    } catch (error) {
      return inFull(error);
    }
  }
}
