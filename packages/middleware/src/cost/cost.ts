import type { AnyMiddleware, Attempt, Cost, Notices, Notice, PriceLookup, TokenCounter, Usage } from "@plugboard/core";
import { isReply } from "../is-reply.ts";
import { estimate } from "./estimate.ts";

/** What `cost` can be given besides prices. */
export interface CostOptions {
  /**
   * Counts tokens where an attempt broke off before its provider told them: its prompt, and what of the answer had arrived. Its `usage`
   * is then marked `estimated`, and its cost comes from it. @default such an attempt has no cost
   */
  readonly count?: TokenCounter;
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/**
 * Puts a price on every attempt, so that results and errors say what they cost. An attempt whose price is not known gets none, and a
 * warning says once what is missing.
 *
 * What has to be counted is waited for before a reply or an error is passed on. An answer that breaks off while somebody reads it is
 * counted meanwhile: the cost of its attempt follows a moment later.
 *
 * @example
 * const model = openai("gpt-4o").with(cost(({ input = 0, output = 0 }) => ({ cost: { total: input * 2500 + output * 10_000 } })));
 * const { cost } = await model.generate("hello"); // { total: 102500 }, in nano-dollars
 */
export function cost(price: PriceLookup, { count }: CostOptions = {}): AnyMiddleware {
  /** What was warned of. */
  const told = new Set<string>();

  return (model) => async (request) => {
    const { notify } = request;
    if (!notify) return model.call(request);
    const counting = new Set<Promise<void>>();

    function charge({ attempt, plan }: Notices["attempt"]): void {
      if (!attempt.usage || attempt.cost) return;
      let quote = price(attempt.usage, plan);
      if (!quote.cost && attempt.answeredBy !== undefined) {
        // An alias or a deployment may be unknown where the model behind it is not.
        const answered = price(attempt.usage, { provider: plan.provider, id: attempt.answeredBy });
        if (answered.cost) quote = answered;
      }
      if (quote.cost) (attempt as Writable<Attempt> & { cost?: Cost }).cost = quote.cost;
      else warn(`${plan.provider} ${plan.id} has no price for: ${quote.missing.join(", ")}. Its cost is left out.`);
    }

    function warn(message: string): void {
      if (told.has(message)) return;
      told.add(message);
      notify!({ type: "warning", warning: { code: "unpriced", message } });
    }

    /** Counts what nobody told, and charges by that. */
    async function chargeCounted(ended: Notices["attempt"], count: TokenCounter): Promise<void> {
      try {
        const usage = await estimate(ended.attempt, ended.plan, ended.partial, count);
        if (usage) (ended.attempt as Writable<Attempt> & { usage?: Usage }).usage = usage;
        charge(ended);
      } catch (error) {
        notify!({ type: "fault", error });
      }
    }

    function onNotice(notice: Notice): void {
      const ended = notice.type === "attempt" && notice.attempt.outcome !== "running" ? notice : undefined;
      const counts = ended && ended.attempt.outcome !== "finished" && !ended.attempt.cost ? count : undefined;
      if (ended && !counts) {
        try {
          charge(ended);
        } catch (error) {
          notify!({ type: "fault", error });
        }
      }
      notify!(notice);
      // After it is passed on: a budget further out must not take what is only counted here for the provider's word.
      if (!ended || !counts) return;
      const work = chargeCounted(ended, counts).finally(() => counting.delete(work));
      counting.add(work);
    }

    async function counted(): Promise<void> {
      while (counting.size > 0) await Promise.all(counting);
    }

    try {
      const reply = await model.call({ ...request, notify: onNotice });
      if (counting.size > 0) await counted();
      if (count && isReply(reply)) reply.onEnd(() => (counting.size > 0 ? counted() : undefined));
      return reply;
    } catch (error) {
      await counted();
      throw error;
    }
  };
}
