import type { ModelKey } from "@plugboard/core";
import { keyOf } from "./key-of.ts";

/** What a model stands in front of at last: the adapters that may answer when it is called. */
export function leavesOf(model: ModelKey & { readonly models: readonly ModelTree[] }): ModelKey[] {
  return model.models.length > 0 ? model.models.flatMap(leavesOf) : [keyOf(model)];
}

/** A model, as far as its members matter. */
interface ModelTree extends ModelKey {
  readonly models: readonly ModelTree[];
}
