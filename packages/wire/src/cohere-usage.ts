import type { Json, Usage } from "@plugboard/core";
import { countOf, objectOf } from "./narrow.ts";

/**
 * What an answer of Cohere without words took, by its `meta`: the tokens that the model read where they are told, else those that are billed; of a
 * ranking, the searches that are billed, of up to 100 documents each.
 */
export function cohereUsage(value: Json | undefined): Usage {
  const meta = objectOf(value);
  const billed = objectOf(meta?.["billed_units"]);
  const input = countOf(objectOf(meta?.["tokens"])?.["input_tokens"]) ?? countOf(billed?.["input_tokens"]);
  const searches = countOf(billed?.["search_units"]);
  return {
    ...(input !== undefined && { input }),
    ...(searches !== undefined && { serverTools: { search_units: searches } }),
  };
}
