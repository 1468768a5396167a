import type { ModelKey } from "@plugboard/core";

/** What a model is looked up and told of by. */
export function keyOf({ provider, id, catalogId }: ModelKey): ModelKey {
  return { provider, id, ...(catalogId !== undefined && { catalogId }) };
}
