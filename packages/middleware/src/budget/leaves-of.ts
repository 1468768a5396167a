import type { Callable, CallOptions, ModelKey } from "@plugboard/core";

/** The adapters that stand behind a model. */
export function leavesOf<Request extends CallOptions, Reply>(model: Callable<Request, Reply>): readonly ModelKey[] {
  return model.models.length === 0 ? [model] : model.models.flatMap(leavesOf);
}
