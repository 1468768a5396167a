import { abilities, limits, quote } from "@plugboard/catalog";
import { tiers as tiersAt } from "@plugboard/routing";
import type { TierEntry, TieredModel, TiersOptions } from "@plugboard/routing";

/**
 * Puts models in tiers, from the highest to the lowest, under rules in plain data. A request goes to the tier that its tag `tier` names.
 * Prices, limits and abilities are the catalogue's, unless others are given.
 *
 * @throws {ModelError} `unsupported` where rules, or what the request needs, leave no model, with each of them; otherwise as `fallback`.
 * `invalid-request` for rules that cannot be meant, and a tag that names no tier
 * @example
 * const model = tiers({ frontier: openai("gpt-4o"), production: openai("gpt-4o-mini"), edge: ollama("llama3.2") });
 * await model.generate({ messages, tags: { tier: "frontier" } });
 */
export function tiers(entries: Readonly<Record<string, TierEntry>>, options: TiersOptions = {}): TieredModel {
  return tiersAt(entries, { limits, abilities, price: quote, ...options });
}
