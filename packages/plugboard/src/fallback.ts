import { abilities as catalogAbilities, limits as catalogLimits } from "@plugboard/catalog";
import type {
  CallOptions,
  Callable,
  EmbeddingModel,
  EmbeddingRequest,
  Model,
  RerankModel,
  RerankRequest,
} from "@plugboard/core";
import { fallback as fallbackAt } from "@plugboard/routing";
import type {
  AnyModel,
  CommonFallbackOptions,
  FallbackList,
  FallbackOptions,
  FallbackTarget,
  NoMethods,
  OtherTarget,
} from "@plugboard/routing";

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
/** The same for embeddings: give it the same model at several places, since vectors of different models cannot be compared. */
export function fallback(
  models: readonly OtherTarget<EmbeddingRequest, EmbeddingModel>[],
  options?: CommonFallbackOptions,
): EmbeddingModel;
/** The same for reranking. */
export function fallback(
  models: readonly OtherTarget<RerankRequest, RerankModel>[],
  options?: CommonFallbackOptions,
): RerankModel;
/** The same for whatever else answers calls. */
export function fallback<Request extends CallOptions, Reply>(
  models: readonly OtherTarget<Request, Callable<Request, Reply> & NoMethods>[],
  options?: CommonFallbackOptions,
): Callable<Request, Reply>;
export function fallback(models: FallbackList, options: FallbackOptions = {}): AnyModel {
  return fallbackAt(models, { limits: catalogLimits, abilities: catalogAbilities, ...options });
}
