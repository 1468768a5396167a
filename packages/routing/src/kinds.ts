import type { CallOptions, Callable, EmbeddingModel, Model, RerankModel } from "@plugboard/core";

/** What can be called, of whatever kind. */
export type AnyModel = Model | EmbeddingModel | RerankModel | Callable<CallOptions, unknown>;

/** Told apart from the kinds of models that have more than `call`. */
export interface NoMethods {
  readonly generate?: never;
  readonly embed?: never;
  readonly rerank?: never;
}

export function areChat(models: readonly AnyModel[]): models is readonly Model[] {
  return models.every((model) => "generate" in model);
}

export function areEmbedding(models: readonly AnyModel[]): models is readonly EmbeddingModel[] {
  return models.every((model) => "embed" in model);
}

export function areRerank(models: readonly AnyModel[]): models is readonly RerankModel[] {
  return models.every((model) => "rerank" in model);
}
