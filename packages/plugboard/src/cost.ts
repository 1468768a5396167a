import { quote } from "@plugboard/catalog";
import type { AnyMiddleware, PriceLookup } from "@plugboard/core";
import { cost as costAt } from "@plugboard/middleware";
import type { CostOptions } from "@plugboard/middleware";

/**
 * Puts a price on every attempt, so that results and errors say what they cost: by the catalogue, unless other prices are given. An
 * attempt whose price is not known gets none, and a warning says once what is missing.
 *
 * @example
 * const model = openai("gpt-4o").with(cost());
 * const { cost } = await model.generate("hello"); // { total: 102500, … }, in nano-dollars
 * @example
 * const { quote } = catalog({ overrides: { azure: { "our-own": { prices: { input: 3, output: 12 } } } } });
 * const model = azure("our-own", { endpoint }).with(cost(quote));
 * @example
 * const model = openai("gpt-4o").with(cost(quote, { count: countTokens })); // an answer that is cut has a cost too, counted here
 */
export function cost(price: PriceLookup = quote, options: CostOptions = {}): AnyMiddleware {
  return costAt(price, options);
}
