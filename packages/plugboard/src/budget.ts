import { limits as catalogLimits, quote } from "@plugboard/catalog";
import type { AnyMiddleware, PriceLookup } from "@plugboard/core";
import { budget as budgetAt } from "@plugboard/middleware";
import type { BudgetOptions as OptionsWithPrices } from "@plugboard/middleware";

/** How much may be spent; how it is reckoned, where not by the catalogue. */
export interface BudgetOptions extends Omit<OptionsWithPrices, "price"> {
  /** What usage costs. @default by the catalogue */
  readonly price?: PriceLookup;
  /** How much models take and give at most. @default by the catalogue */
  readonly limits?: NonNullable<OptionsWithPrices["limits"]>;
}

/**
 * Never spends more than the limit. Before each attempt, of whichever model in the chain, the most that it can cost is set aside; when
 * it ends, what it did cost is booked and the rest is free again. Prices and limits are the catalogue's, unless others are given.
 *
 * @throws {ModelError} `budget`, with the limit, what is spent, held and needed; or with what is not known of the model
 * @example
 * const model = openai("gpt-4o").with(budget({ limit: { usd: 5, per: ["user"], window: "day" } }));
 * await model.generate({ messages, tags: { user: "ada" } });
 */
export function budget({ price = quote, limits = catalogLimits, ...options }: BudgetOptions): AnyMiddleware {
  return budgetAt({ ...options, price, limits });
}
