import type { CallOptions, ModelKey, PriceLookup, Prompt, Usage } from "@plugboard/core";
import { estimateTokens } from "../estimate-tokens.ts";
import { checkNumber } from "../check-number.ts";
import { lowest } from "./lowest.ts";
import type { Policy } from "./policy.ts";

/** What a call is taken to use. */
export interface LowestCostOptions {
  /** Tokens of an answer, where the request does not bound it to fewer. @default 500 */
  readonly output?: number;
}

/**
 * The cheapest for the request: by its length, and an answer of a usual length. One whose price is not known comes after all others, and of
 * one that stands in front of several, the dearest counts. Among equals, in turn.
 *
 * @example
 * import { quote } from "@plugboard/catalog";
 * const model = balance([openai("gpt-4o"), azure("gpt-4o", { endpoint })], { by: lowestCost(quote) });
 */
export function lowestCost(price: PriceLookup, { output = 500 }: LowestCostOptions = {}): Policy {
  checkNumber("output", output, 0);
  return lowest(({ leaves }, request) => {
    const usage = expectedOf(request, output);
    return Math.max(...leaves.map((leaf) => amountOf(leaf, usage)));
  });

  function amountOf(model: ModelKey, usage: Usage): number {
    return price(usage, model).cost?.total ?? Infinity;
  }
}

function expectedOf(request: CallOptions | (CallOptions & Prompt), output: number): Usage {
  // What is no chat request has no output, and by its input all prices compare alike.
  if (!("messages" in request)) return { input: 1000, output: 0 };
  const { tokens } = estimateTokens(request);
  return { input: Math.ceil(tokens), output: Math.min(output, request.maxOutputTokens ?? Infinity) };
}
