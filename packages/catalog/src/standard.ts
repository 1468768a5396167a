import type { Cost, ModelKey, ModelLimits, Quote, Usage } from "@plugboard/core";
import { catalog } from "./catalog.ts";
import type { Catalog } from "./catalog.ts";
import type { Abilities, CatalogModel } from "./catalog-model.ts";
import type { Offer } from "./offers.ts";

// The catalogue as it comes, without an application's own table; made when somebody first asks.
let made: Catalog | undefined;
const standard = (): Catalog => (made ??= catalog());

/**
 * What so much usage of a model costs, in whole nano-dollars (a billionth of a US dollar): the exact sum, rounded up once.
 *
 * @throws {ModelError} `not-found` naming the model that the catalogue does not have, or what was used and has no price;
 * `invalid-request` for a count that cannot be
 * @example
 * price({ input: 1000, output: 100 }, { provider: "openai", id: "gpt-4o" }).total; // 3_500_000, which is $0.0035
 */
export function price(usage: Usage, model: ModelKey): Cost {
  return standard().price(usage, model);
}

/** The same without throwing: what cannot be priced is named in `missing`. It is the `PriceLookup` that `cost` and `budget` take. */
export function quote(usage: Usage, model: ModelKey): Quote {
  return standard().quote(usage, model);
}

/** How many tokens a model takes and gives; `undefined` for one that is not known. It is the `LimitsLookup` that `budget` takes. */
export function limits(model: ModelKey): ModelLimits | undefined {
  return standard().limits(model);
}

/** What a model can do; `undefined` for one that is not known. */
export function abilities(model: ModelKey): Abilities | undefined {
  return standard().abilities(model);
}

/** Who offers the same weights, the cheapest first. */
export function offers(model: ModelKey, usage?: Usage): readonly Offer[] {
  return standard().offers(model, usage);
}

/** Where its provider puts a model, if not in ordinary use: `deprecated`, `beta`, `alpha`. It is what `deprecation` takes. */
export function statusOf(model: ModelKey): CatalogModel["status"] {
  return standard().find(model)?.status;
}
