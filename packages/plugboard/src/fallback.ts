import { abilities as catalogAbilities, limits as catalogLimits } from "@plugboard/catalog";
import type { CallOptions, Callable, Model } from "@plugboard/core";
import { fallback as fallbackAt } from "@plugboard/routing";
import type { CommonFallbackOptions, FallbackOptions, FallbackTarget, OtherTarget } from "@plugboard/routing";

/**
 * Asks the first model, and the next one when it fails or its answer is not good enough. Models that a request does not fit are passed by,
 * by the catalogue's limits and abilities, unless others are given.
 *
 * @throws {ModelError} when all fail: with the code of the first failure that may pass, or of the first, a sentence that tells each,
 * and all of them, in order, in `cause.errors`. `invalid-request` for an empty list, or one with the same model twice.
 * @example
 * const model = fallback([openai("gpt-4o"), anthropic("claude-sonnet-4-5")], { continueMidStream: true }).with(retry());
 */
export function fallback(models: readonly FallbackTarget[], options?: FallbackOptions): Model;
/** The same for what is no chat model: embeddings, reranking. */
export function fallback<Request extends CallOptions, Reply>(
  models: readonly OtherTarget<Request, Reply>[],
  options?: CommonFallbackOptions,
): Callable<Request, Reply>;
export function fallback(
  models: readonly FallbackTarget[] | readonly OtherTarget<CallOptions, unknown>[],
  options: FallbackOptions = {},
): Model | Callable<CallOptions, unknown> {
  return fallbackAt(models, { limits: catalogLimits, abilities: catalogAbilities, ...options });
}
