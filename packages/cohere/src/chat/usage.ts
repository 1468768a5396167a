import type { Json, Usage } from "@plugboard/core";
import { countOf, objectOf } from "@plugboard/wire";

/**
 * The counts in our words. They are those of `tokens`, which the model read and wrote; `billed_units` leaves out what Cohere adds to a
 * prompt. What was read from the cache stands beside them.
 */
export function usageOf(value: Json | undefined): Usage {
  const wire = objectOf(value);
  const tokens = objectOf(wire?.["tokens"]);
  const input = countOf(tokens?.["input_tokens"]);
  const output = countOf(tokens?.["output_tokens"]);
  const cached = countOf(wire?.["cached_tokens"]);
  const reasoning = countOf(tokens?.["reasoning_tokens"]);
  return {
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
    ...(cached !== undefined && { cachedInput: Math.min(cached, input ?? cached) }),
    ...(reasoning !== undefined && { reasoning: Math.min(reasoning, output ?? reasoning) }),
  };
}
