import type { AnyMiddleware, Attempt, AttemptPlan, Cost, Notice, PriceLookup } from "@plugboard/core";

/**
 * Puts a price on every attempt, so that results and errors say what they cost. An attempt whose price is not known gets none, and a
 * warning says once what is missing.
 *
 * @example
 * const model = openai("gpt-4o").with(cost(({ input = 0, output = 0 }) => ({ cost: { total: input * 2500 + output * 10_000 } })));
 * const { cost } = await model.generate("hello"); // { total: 102500 }, in nano-dollars
 */
export function cost(price: PriceLookup): AnyMiddleware {
  /** What was warned of. */
  const told = new Set<string>();

  return (model) => (request) => {
    const { notify } = request;
    if (!notify) return model.call(request);

    function charge(attempt: Attempt, plan: AttemptPlan): void {
      if (!attempt.usage || attempt.cost) return;
      let quote = price(attempt.usage, plan);
      if (!quote.cost && attempt.answeredBy !== undefined) {
        // An alias or a deployment may be unknown where the model behind it is not.
        const answered = price(attempt.usage, { provider: plan.provider, id: attempt.answeredBy });
        if (answered.cost) quote = answered;
      }
      if (quote.cost) (attempt as { cost?: Cost }).cost = quote.cost;
      else warn(plan, quote.missing);
    }

    function warn({ provider, id }: AttemptPlan, missing: readonly string[]): void {
      const message = `${provider} ${id} has no price for: ${missing.join(", ")}. Its cost is left out.`;
      if (told.has(message)) return;
      told.add(message);
      notify!({ type: "warning", warning: { code: "unpriced", message } });
    }

    return model.call({
      ...request,
      notify(notice: Notice) {
        if (notice.type === "attempt" && notice.attempt.outcome !== "running") {
          try {
            charge(notice.attempt, notice.plan);
          } catch (error) {
            notify({ type: "fault", error });
          }
        }
        notify(notice);
      },
    });
  };
}
