import { checkOption } from "@plugboard/core";
import type { AnyMiddleware, Ledger, LimitsLookup, NanoDollars, PriceLookup, TokenCounter } from "@plugboard/core";
import { memoryLedger } from "../memory-ledger/memory-ledger.ts";
import { Alerts } from "./alerts.ts";
import { readLimits } from "./budget-limit.ts";
import type { BudgetLimit } from "./budget-limit.ts";
import { readPolicy } from "./budget-policy.ts";
import type { BudgetPolicy } from "./budget-policy.ts";
import { BudgetedCall } from "./budgeted-call.ts";
import type { BudgetTerms } from "./budgeted-attempts.ts";
import { countBytes } from "./count-bytes.ts";
import { Dearest } from "./dearest.ts";
import { LabelSets } from "./label-sets.ts";
import { leavesOf } from "./leaves-of.ts";
import { Settlements } from "./settlements.ts";
import { Waiting } from "./waiting.ts";

/** How much may be spent, and how it is reckoned. */
export interface BudgetOptions extends BudgetPolicy {
  /** How much may be spent: `5_000_000_000` nano-dollars, `{ usd: 5 }`, `{ usd: 1, per: ["user"], window: "day" }`, or several of these. */
  readonly limit: NanoDollars | BudgetLimit | readonly BudgetLimit[];
  /** What usage costs. For an attempt whose price it does not know, see `unknownPrice`. */
  readonly price: PriceLookup;
  /** How much models answer at most. Without it, and without `maxOutputTokens` in the request, `maxOutputTokens` is asked for. */
  readonly limits?: LimitsLookup;
  /** How many tokens a prompt is. @default the bytes of its text, which no count exceeds; files up to the model's context */
  readonly count?: TokenCounter;
  /** Where money is reserved and booked. @default in this process, for this budget */
  readonly ledger?: Ledger;
  /** Tells this budget from others in the same ledger. */
  readonly name?: string;
  /** Milliseconds after which an attempt whose process died is charged in full. Renewed while it lives. @default 60000 */
  readonly lease?: number;
  /** Asked for where neither the request nor `limits` bounds the answer. @default 4096 */
  readonly maxOutputTokens?: number;
  /** Tags that attempts are booked under, for `spend()`; besides them their provider and model. @default those that limits name */
  readonly labels?: readonly string[];
  /**
   * Shares of each limit at which a notice `budget-alert` is told, once for each scope, window and share in a process: `[0.5, 0.8, 1]`.
   * Costs a look into the ledger after a booking, until all have been told. @default none
   */
  readonly alerts?: readonly number[];
}

/**
 * Never spends more than the limit. Before each attempt, of whichever model in the chain, the most that it can cost is set aside; when
 * it ends, what it did cost is booked and the rest is free again. So callers that race to the limit cannot pass it together. By how much
 * the limit can be passed under other policies is said with each of them.
 *
 * Where the request does not bound its answer and the rest of the budget does not pay for the longest one, the answer is cut to what
 * it pays for.
 *
 * @throws {ModelError} `budget`, with the limit, what is spent, held and needed; or with what is not known of the model
 * @example
 * const model = openai("gpt-4o").with(budget({ limit: { usd: 5, per: ["user"], window: "day" }, price, limits }));
 * await model.generate({ messages, tags: { user: "ada" } });
 * @example
 * budget({ limit: { usd: 100, window: "month" }, price, limits, alerts: [0.8, 1], onLimit: { downgrade: openai("gpt-4o-mini") } });
 */
export function budget(options: BudgetOptions): AnyMiddleware {
  const { lease = 60_000, maxOutputTokens: fallbackOutput = 4096, ledger = memoryLedger(), alerts = [] } = options;
  checkOption("lease", lease, { least: 3 });
  checkOption("maxOutputTokens", fallbackOutput, { least: 1, whole: true });
  const { scopesOf, tags } = readLimits(options.limit, options.name);
  const waiting = new Waiting();
  const prefix = crypto.randomUUID();
  let reservations = 0;
  const terms: BudgetTerms = {
    policy: readPolicy(options),
    scopesOf,
    labels: new LabelSets(options.labels ?? tags),
    newId: () => `${prefix}.${reservations++}`,
    holds: { ledger, settlements: new Settlements(), doubts: new Settlements(), onFreed: () => waiting.wake() },
    waiting,
    alerts: new Alerts(ledger, alerts),
    dearest: new Dearest(options.price),
    limits: options.limits,
    count: options.count ?? countBytes,
    counts: options.count !== undefined,
    lease,
    fallbackOutput,
    // A memory ledger has booked by the time the answer is read; others are waited for.
    waits: options.ledger !== undefined || alerts.length > 0,
  };
  return (model) => {
    const leaves = leavesOf(model);
    return (request) => new BudgetedCall(terms, model, request).run(leaves);
  };
}
