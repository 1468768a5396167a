import type { Ledger, ModelRequest, PriceLookup } from "@plugboard/core";
import type { BudgetOptions } from "./budget.ts";

/** For tests: 3 nano-dollars an input token, 11 an output token: primes, so that sums do not agree by chance. */
export const price: PriceLookup = ({ input = 0, output = 0 }) => ({ cost: { total: 3 * input + 11 * output } });

/** Every prompt is 10 tokens, and every answer 7. */
export const count: NonNullable<BudgetOptions["count"]> = ({ messages }) => ({
  tokens: messages[0]?.role === "assistant" ? 7 : 10,
  bound: "upper",
});

export const unlimited = { nanoDollars: 1e12 };

export function ask(more: Partial<ModelRequest> = {}): ModelRequest {
  return { messages: [{ role: "user", content: "hello" }], maxOutputTokens: 100, ...more };
}

/** The most that one such call can cost. */
export const worst: number = 3 * 10 + 11 * 100;

export async function standing(
  ledger: Ledger,
  key = "all",
): Promise<{ readonly spent: number; readonly held: number; readonly assumed: number }> {
  const { spent, held, assumed } = await ledger.spend(key, "total");
  return { spent, held, assumed };
}

/** A ledger of which one verb fails so many times. */
export function failing(
  ledger: Ledger,
  verb: keyof Ledger,
  times: number = Infinity,
): Ledger & { readonly calls: number } {
  const broken = {
    ...ledger,
    calls: 0,
    async [verb](...values: never[]) {
      if (++broken.calls <= times) throw new Error("The store is down.");
      return (ledger[verb] as (...values: never[]) => unknown)(...values);
    },
  };
  return broken;
}
