import { abilities, limits, quote } from "@plugboard/catalog";
import type { Model } from "@plugboard/core";
import { cascade as cascadeAt } from "@plugboard/routing";
import type { CascadeEntry, CascadeOptions } from "@plugboard/routing";

/**
 * Asks a cheaper model first, and the next one when its answer is not accepted, or it fails. Prices, limits and abilities are the
 * catalogue's, unless others are given.
 *
 * @throws {ModelError} as `fallback`; `invalid-request` for fewer than two models
 * @example
 * const model = cascade([openai("gpt-4o-mini"), openai("gpt-4o")], { accept: agreeing({ samples: 3 }) });
 */
export function cascade(models: readonly (Model | CascadeEntry)[], options: CascadeOptions): Model {
  return cascadeAt(models, { limits, abilities, price: quote, ...options });
}
