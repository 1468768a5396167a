import { checkOption } from "@plugboard/core";
import type { ModelError } from "@plugboard/core";

/** How many retries a model is worth, so that an outage is not answered with more load. Shared by whoever is given it. */
export interface RetryBudget {
  /** Pays for one more attempt of the model after this failure; says whether it could. */
  spend(fingerprint: string, error: ModelError): boolean;
  /** A call of the model succeeded. */
  earn(fingerprint: string): void;
}

/** How many tokens there are, and what costs how many. */
export interface RetryBudgetOptions {
  /** Tokens of a model at the start, and the most it can save up. @default 100 */
  readonly tokens?: number;
  /** What a retry costs. @default 5 */
  readonly retry?: number;
  /** What a retry after a timeout costs: it has already taken the most time. @default 10 */
  readonly timeout?: number;
  /** What a success gives back. @default 1 */
  readonly success?: number;
}

/**
 * A bucket of tokens for each model, as the fingerprint tells them apart. When all calls of a model fail, its bucket is soon empty and
 * each call is one request; calls that succeed fill it again.
 *
 * @example
 * const budget = retryBudget();
 * const fast = openai("gpt-4o-mini").with(retry({ budget }));
 * const good = openai("gpt-4o").with(retry({ budget }));
 */
export function retryBudget({
  tokens = 100,
  retry = 5,
  timeout = 10,
  success = 1,
}: RetryBudgetOptions = {}): RetryBudget {
  for (const [name, value] of Object.entries({ tokens, retry, timeout, success }))
    checkOption(name, value, { least: 0 });
  const left = new Map<string, number>();

  return {
    spend(fingerprint, error) {
      const price = error.code === "timeout" ? timeout : retry;
      const rest = (left.get(fingerprint) ?? tokens) - price;
      if (rest < 0) return false;
      left.set(fingerprint, rest);
      return true;
    },
    earn(fingerprint) {
      const rest = left.get(fingerprint);
      if (rest === undefined) return;
      // A full bucket is the same as none, and needs no keeping.
      if (rest + success >= tokens) left.delete(fingerprint);
      else left.set(fingerprint, rest + success);
    },
  };
}
