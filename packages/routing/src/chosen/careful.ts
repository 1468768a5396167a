import type { Notice, PriceLookup } from "@plugboard/core";
import type { Knowledge } from "../fallback/needs.ts";

/** What is known of models, with what they cost. */
export interface PricedKnowledge extends Knowledge {
  readonly price?: PriceLookup;
}

/** The same look-ups for one request: what a look-up that throws would have said is not known, and a `fault` notice tells. */
export function careful(
  { limits, abilities, price, count }: PricedKnowledge,
  notify: ((notice: Notice) => void) | undefined,
): PricedKnowledge {
  function tried<Arguments extends readonly unknown[], Found>(
    lookUp: (...given: Arguments) => Found,
    unknown: Found,
  ): (...given: Arguments) => Found {
    return (...given) => {
      try {
        return lookUp(...given);
      } catch (error) {
        notify?.({ type: "fault", error });
        return unknown;
      }
    };
  }

  return {
    ...(limits && { limits: tried(limits, undefined) }),
    ...(abilities && { abilities: tried(abilities, undefined) }),
    ...(price && { price: tried(price, { missing: ["model"] }) }),
    ...(count && { count }),
  };
}
