import { checkOption } from "@plugboard/core";
import type {
  AnyMiddleware,
  AttemptPlan,
  Callable,
  CallOptions,
  Ledger,
  LimitsLookup,
  ModelKey,
  NanoDollars,
  PriceLookup,
  TokenCounter,
} from "@plugboard/core";
import { isReply } from "../is-reply.ts";
import { memoryLedger } from "../memory-ledger/memory-ledger.ts";
import { readLimits } from "./budget-limit.ts";
import type { BudgetLimit } from "./budget-limit.ts";
import { BudgetedCall } from "./budgeted-call.ts";
import { countBytes } from "./count-bytes.ts";

declare module "@plugboard/core" {
  interface Notices {
    /** Money was set aside for an attempt (`amount` the most it can cost), or booked when it ended (`amount` what it cost). */
    budget: {
      readonly step: "reserved" | "settled" | "released";
      readonly amount: NanoDollars;
      /** Counted here or taken from the reservation, since the provider did not say. */
      readonly estimated?: true;
      readonly plan: AttemptPlan;
    };
  }
}

/** How much may be spent, and how it is reckoned. */
export interface BudgetOptions {
  /** How much may be spent: `5_000_000_000` nano-dollars, `{ usd: 5 }`, `{ usd: 1, per: ["user"], window: "day" }`, or several of these. */
  readonly limit: NanoDollars | BudgetLimit | readonly BudgetLimit[];
  /** What usage costs. An attempt whose price it does not know is refused, unless `assume` says what to book. */
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
  /** What to reserve, and book, for an attempt whose worst case cannot be known. @default such an attempt is refused */
  readonly assume?: NanoDollars | { readonly usd: number };
}

/**
 * Never spends more than the limit. Before each attempt, of whichever model in the chain, the most that it can cost is set aside; when
 * it ends, what it did cost is booked and the rest is free again. So callers that race to the limit cannot pass it together.
 *
 * Where the request does not bound its answer and the rest of the budget does not pay for the longest one, the answer is cut to what
 * it pays for.
 *
 * @throws {ModelError} `budget`, with the limit, what is spent, held and needed; or with what is not known of the model
 * @example
 * const model = openai("gpt-4o").with(budget({ limit: { usd: 5, per: ["user"], window: "day" }, price, limits }));
 * await model.generate({ messages, tags: { user: "ada" } });
 */
export function budget(options: BudgetOptions): AnyMiddleware {
  const { lease = 60_000, maxOutputTokens: fallbackOutput = 4096 } = options;
  checkOption("lease", lease, { least: 3 });
  checkOption("maxOutputTokens", fallbackOutput, { least: 1, whole: true });
  const scopesOf = readLimits(options.limit, options.name);
  const assumed = options.assume === undefined ? undefined : readLimits(options.assume, undefined)(undefined)[0]!.limit;
  const ledger = options.ledger ?? memoryLedger();
  const { price, limits, count = countBytes } = options;

  return (model) => {
    const terms = { ledger, price, limits, count, lease, assumed, fallbackOutput, leaves: leavesOf(model) };
    return async (request) => {
      const budgeted = new BudgetedCall(terms, request, scopesOf(request.tags));
      const bounded = await budgeted.bound(request);
      const call = model.call({ ...bounded, admit: budgeted.admit, notify: budgeted.notify });
      // A memory ledger has booked by the time the answer is read; others are waited for.
      if (!options.ledger) return call;
      try {
        const reply = await call;
        if (isReply(reply)) reply.onEnd(() => budgeted.booked());
        else await budgeted.booked();
        return reply;
      } catch (error) {
        await budgeted.booked();
        throw error;
      }
    };
  };
}

/** The adapters that stand behind a model. */
function leavesOf<Request extends CallOptions, Reply>(model: Callable<Request, Reply>): readonly ModelKey[] {
  return model.models.length === 0 ? [model] : model.models.flatMap(leavesOf);
}
