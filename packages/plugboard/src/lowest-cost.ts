import { quote } from "@plugboard/catalog";
import type { PriceLookup } from "@plugboard/core";
import { lowestCost as lowestCostAt } from "@plugboard/routing";
import type { LowestCostOptions, Policy } from "@plugboard/routing";

/**
 * The cheapest for the request, by the catalogue's prices unless others are given: by its length, and an answer of a usual length. One
 * whose price is not known comes after all others.
 *
 * @example
 * const model = balance([openai("gpt-4o-mini"), anthropic("claude-haiku-4-5")], { by: lowestCost() });
 */
export function lowestCost(price: PriceLookup = quote, options: LowestCostOptions = {}): Policy {
  return lowestCostAt(price, options);
}
