import type {
  AttemptPlan,
  LimitsLookup,
  ModelKey,
  NanoDollars,
  PriceLookup,
  Prompt,
  TokenCounter,
  Usage,
} from "@plugboard/core";

/** What an attempt can cost at most, or what is not known of it. */
export type WorstCase =
  | { readonly amount: NanoDollars; readonly input: number; readonly output: number; readonly missing?: never }
  | { readonly missing: string };

/** What worst cases are computed from. */
export interface Estimate {
  readonly price: PriceLookup;
  readonly limits: LimitsLookup | undefined;
  readonly count: TokenCounter;
}

/** No single attempt uses as many tokens; whoever says so is not believed. */
export const absurd = 1e9;

/** The most input tokens that a prompt can be; infinite where nothing bounds it. */
export function inputBound({ count, limits }: Estimate, prompt: Prompt, model: ModelKey): number | Promise<number> {
  const counted = count(prompt, model);
  const bound = ({ tokens, bound }: Awaited<typeof counted>): number => {
    const most = typeof bound === "object" ? Math.ceil(tokens * (1 + bound.error)) : tokens;
    const { input, context } = limits?.(model) ?? {};
    return Math.min(Number.isNaN(most) ? Infinity : most, input ?? Infinity, context ?? Infinity);
  };
  return "then" in counted ? counted.then(bound) : bound(counted);
}

/** What so many tokens can cost at the dearest: written to a cache and spent on thinking, where that costs more. */
export function dearest(price: PriceLookup, input: number, output: number, model: ModelKey): NanoDollars | undefined {
  const plain = amountOf(price, { input, output }, model);
  if (plain === undefined) return undefined;
  const more = (part: Usage): number => Math.max(0, (amountOf(price, { input, output, ...part }, model) ?? 0) - plain);
  return plain + more({ reasoning: output }) + Math.max(more({ cacheWrite5m: input }), more({ cacheWrite1h: input }));
}

/** A price that can be booked: a whole number of nano-dollars. */
export function amountOf(price: PriceLookup, usage: Usage, model: ModelKey): NanoDollars | undefined {
  const total = price(usage, model).cost?.total;
  return total !== undefined && Number.isSafeInteger(total) && total >= 0 ? total : undefined;
}

/** What the attempt can cost at most, if everything that bounds it is known. */
export function worstCase({ price, limits }: Estimate, input: number, plan: AttemptPlan): WorstCase {
  const { request } = plan;
  const tool = request.tools?.find((tool) => tool.type === "provider");
  if (tool) return { missing: `a bound on what the provider's tool ${tool.type === "provider" ? tool.id : ""} costs` };
  if (input === Infinity)
    return {
      missing: "a bound on the tokens of the input (a file has none but the model's context; give `count` or `limits`)",
    };
  // What is no chat request, an embedding, has no output.
  const asked = (request.messages as unknown) ? (request.maxOutputTokens ?? Infinity) : 0;
  const output = Math.min(asked, limits?.(plan)?.output ?? Infinity);
  if (output === Infinity) return { missing: "its maximum output (give `maxOutputTokens` or `limits`)" };
  const amount = dearest(price, input, output, plan);
  if (amount !== undefined) return { amount, input, output };
  const { missing = ["a whole number of nano-dollars"] } = price({ input, output }, plan);
  return { missing: `a price for: ${missing.join(", ")}` };
}
