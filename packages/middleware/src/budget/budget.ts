import { ModelError } from "@plugboard/core";
import type {
  AnyMiddleware,
  AttemptPlan,
  Callable,
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
import { checkOption } from "../check-option.ts";
import { isReply } from "../is-reply.ts";
import { memoryLedger } from "../memory-ledger/memory-ledger.ts";
import { readLimits } from "./budget-limit.ts";
import type { BudgetLimit } from "./budget-limit.ts";
import { chargeOf } from "./charge.ts";
import type { Charge, Reserved } from "./charge.ts";
import { countBytes } from "./count-bytes.ts";
import { hold } from "./hold.ts";
import type { Hold } from "./hold.ts";
import { dearest, inputBound, worstCase } from "./worst-case.ts";
import type { Estimate } from "./worst-case.ts";
import { usd } from "./usd.ts";

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

/** An attempt under way. */
interface Live {
  readonly hold: Hold;
  readonly reserved: Reserved;
}

/** An answer that the rest of the budget cuts shorter than this is not worth asking for. */
const leastOutput = 16;

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
  const estimate: Estimate = { price: options.price, limits: options.limits, count: options.count ?? countBytes };

  return (model) => {
    const leaves = leavesOf(model);

    return async (request) => {
      const { tags, notify } = request;
      const scopes = scopesOf(tags);
      const live = new Map<AttemptPlan, Live>();
      const bookings: Promise<void>[] = [];
      const onFault = (error: unknown): void => notify?.({ type: "fault", error });
      let counted: { readonly prompt: Prompt; readonly model: ModelKey; readonly tokens: number } | undefined;

      /** The bound of the input, counted once for all attempts of the same prompt by the same model. */
      async function inputOf(prompt: Prompt, model: ModelKey): Promise<number> {
        const same =
          counted?.prompt.messages === prompt.messages &&
          counted.prompt.tools === prompt.tools &&
          counted.model.id === model.id &&
          counted.model.provider === model.provider;
        if (!same) counted = { prompt, model, tokens: await inputBound(estimate, prompt, model) };
        return counted!.tokens;
      }

      async function admit(plan: AttemptPlan): Promise<void> {
        const worst = worstCase(estimate, await inputOf(plan.request, plan), plan);
        const reserved =
          worst.missing === undefined
            ? worst
            : assumed === undefined
              ? undefined
              : { amount: assumed, input: Infinity, output: Infinity };
        if (!reserved)
          throw refusal(
            plan,
            `${plan.provider} ${plan.id} has no worst case to reserve: what is missing is ${worst.missing}.`,
          );

        const held = await hold(
          ledger,
          { id: crypto.randomUUID(), amount: reserved.amount, scopes, lease },
          onFault,
        ).catch((cause: unknown) => {
          throw refusal(plan, "The budget cannot be read, so nothing is spent.", cause);
        });
        if ("granted" in held) throw refusal(plan, describe(held, reserved.amount, plan));
        notify?.({ type: "budget", step: "reserved", amount: reserved.amount, plan });

        // Those further out come after: whoever says yes is then sure that the attempt is made.
        try {
          await request.admit?.(plan);
        } catch (error) {
          await held.release();
          notify?.({ type: "budget", step: "released", amount: reserved.amount, plan });
          throw error;
        }
        live.set(plan, { hold: held, reserved });
      }

      function onNotice(notice: Notice): void {
        if (notice.type === "attempt" && notice.attempt.outcome !== "running") {
          const attempt = live.get(notice.plan);
          live.delete(notice.plan);
          if (attempt) bookings.push(close(notice, attempt));
        }
        notify?.(notice);
      }

      function close(notice: Notices["attempt"], { hold, reserved }: Live): Promise<void> {
        if (notice.attempt.unbilled) {
          notify?.({ type: "budget", step: "released", amount: reserved.amount, plan: notice.plan });
          return hold.release();
        }
        const book = (charge: Charge): Promise<void> => {
          notify?.({ type: "budget", step: "settled", plan: notice.plan, ...charge });
          return hold.settle(charge.amount);
        };
        const inFull = (error: unknown): Promise<void> => {
          onFault(error);
          return book({ amount: reserved.amount, estimated: true });
        };
        try {
          const charge = chargeOf(notice, reserved, estimate);
          return "then" in charge ? charge.then(book, inFull) : book(charge);
        } catch (error) {
          return inFull(error);
        }
      }

      const bounded = isPrompt(request) ? await bound(request) : request;
      const call = model.call({ ...bounded, admit, notify: onNotice });
      // A memory ledger has booked by the time the answer is read; others are waited for.
      if (!options.ledger) return call;
      try {
        const reply = await call;
        if (isReply(reply)) reply.onEnd(booked);
        else await booked();
        return reply;
      } catch (error) {
        await booked();
        throw error;
      }

      async function booked(): Promise<void> {
        await Promise.all(bookings);
      }

      /** The request with a maximum that the rest of the budget pays for, where it has none of its own. */
      async function bound<Request extends CallOptions & Prompt>(request: Request): Promise<Request> {
        if (request.maxOutputTokens !== undefined) return request;
        const [model, ...others] = leaves;
        const known = leaves.map((leaf) => estimate.limits?.(leaf)?.output);
        if (others.length > 0)
          return known.includes(undefined) ? cut(request, fallbackOutput, "no model's own limit is known") : request;

        const most = known[0] ?? fallbackOutput;
        const input = await inputOf(request, model!);
        if (input === Infinity) return request;
        const room = await roomIn(scopes);
        const fits = (output: number): boolean => (dearest(estimate.price, input, output, model!) ?? Infinity) <= room;
        if (fits(most))
          return known[0] === undefined ? cut(request, most, "the model's own limit is not known") : request;
        const output = largest(most, fits);
        return output < leastOutput ? request : cut(request, output, "the rest of the budget pays for no more");
      }

      function cut<Request extends Prompt>(request: Request, maxOutputTokens: number, why: string): Request {
        const message = `The answer is bounded to ${maxOutputTokens} tokens: ${why}.`;
        notify?.({ type: "warning", warning: { code: "adapted", path: "maxOutputTokens", message } });
        return { ...request, maxOutputTokens };
      }
    };
  };

  /** What may still be reserved; infinite when the ledger does not say, since `reserve` decides. */
  async function roomIn(scopes: ReturnType<typeof scopesOf>): Promise<number> {
    let room = Infinity;
    try {
      for (const { key, limit, window } of scopes) {
        const { spent, assumed, held } = await ledger.spend(key, window);
        room = Math.min(room, limit - spent - assumed - held);
      }
    } catch {
      return Infinity;
    }
    return room;
  }
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

/** The adapters that stand behind a model. */
function leavesOf<Request extends CallOptions, Reply>(model: Callable<Request, Reply>): readonly ModelKey[] {
  return model.models.length === 0 ? [model] : model.models.flatMap(leavesOf);
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
