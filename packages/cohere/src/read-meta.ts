import type { Json, Usage } from "@plugboard/core";
import { countOf, objectOf } from "@plugboard/wire";

/** What an answer without words took, by its `meta`: the tokens that the model read where they are told, else those that are billed. */
export function readMeta(value: Json | undefined): Usage {
  const meta = objectOf(value);
  const input =
    countOf(objectOf(meta?.["tokens"])?.["input_tokens"]) ??
    countOf(objectOf(meta?.["billed_units"])?.["input_tokens"]);
  return input === undefined ? {} : { input };
}
