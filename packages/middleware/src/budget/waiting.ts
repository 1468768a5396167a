import type { BudgetScope, NanoDollars } from "@plugboard/core";
import { Lines } from "../lines.ts";
import type { Hold, Refused } from "./hold.ts";

/** How they wait. */
export interface Patience {
  readonly signal: AbortSignal | undefined;
  /** Milliseconds since the epoch. */
  readonly deadline: number | undefined;
  /** The most milliseconds. */
  readonly patience: number;
}

/** Other processes free money, too, and do not say so: whoever is first looks again this often, in milliseconds. */
const poll = 250;

/**
 * Those who wait for money that is held. There is a line for each scope, in the order in which they came: whoever is refused for a scope
 * stands in its line, and only the first of a line looks whether there is room.
 */
export class Waiting {
  readonly #lines = new Lines();

  /** The first of these scopes that somebody waits for: whoever comes now goes behind them. */
  lineOf(scopes: readonly BudgetScope[]): BudgetScope | undefined {
    return scopes.find((scope) => !this.#lines.isFree(nameOf(scope)));
  }

  /** Money that was held is free again. */
  wake(): void {
    this.#lines.wake();
  }

  /**
   * Reserves when it is one's turn. What it gives is the hold, or the refusal with which the time ran out, or with which it had no use
   * to wait.
   *
   * @throws {ModelError} as soon as the signal fires; then they are out of the line
   */
  async stand(
    first: BudgetScope,
    { patience, signal, deadline = Infinity }: Patience,
    amount: NanoDollars,
    reserve: () => Promise<Hold | Refused>,
  ): Promise<Hold | Refused | undefined> {
    const until = Math.min(Date.now() + patience, deadline);
    let refused: Refused | undefined;
    for (let scope: BudgetScope | undefined = first; scope;) {
      const line = nameOf(scope);
      scope = undefined;
      const hold: Hold | undefined = await this.#lines.stand(
        line,
        { signal, deadline: until, patience },
        async (sleep) => {
          for (;;) {
            const outcome = await reserve();
            if (!("granted" in outcome)) return outcome;
            refused = outcome;
            const left = until - Date.now();
            if (left <= 0 || !mayFit(outcome, amount, left)) return undefined;
            if (nameOf(outcome.scope) !== line) {
              scope = outcome.scope;
              return undefined;
            }
            await sleep(Math.min(poll, left));
          }
        },
      );
      if (hold) return hold;
    }
    return refused;
  }
}

/** Whether there can be room within so many milliseconds: money is held that may be freed, or the window moves on. */
export function mayFit({ scope, spend }: Refused, amount: NanoDollars, left: number): boolean {
  const { limit, window } = scope;
  if (amount > limit) return false;
  if (spend.spent + spend.assumed + amount <= limit) return true;
  if (typeof window === "object") return true;
  return window !== "total" && endOf(window) - Date.now() <= left;
}

/** When a UTC day or month is over. */
function endOf(window: "day" | "month"): number {
  const now = new Date();
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  return window === "day" ? Date.UTC(year, month, day + 1) : Date.UTC(year, month + 1, 1);
}

function nameOf({ key, window }: BudgetScope): string {
  return `${typeof window === "object" ? window.rolling : window} ${key}`;
}
