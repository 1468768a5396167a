import type { BudgetScope, BudgetWindow, Ledger, ReserveOutcome, Spend } from "@plugboard/core";

/** Everything ever reserved. */
interface Line {
  readonly id: string;
  readonly at: number;
  readonly scopes: readonly BudgetScope[];
  readonly amount: number;
  readonly expires: number;
  readonly settled?: number;
  readonly released?: true;
}

/** A ledger that keeps every line and adds them up anew each time: slow, and so short that one can see that it is right. */
export function plainLedger(clock: () => number): Ledger {
  const lines = new Map<string, Line>();

  function standing(key: string, window: BudgetWindow): Spend {
    const now = clock();
    const sums = { spent: 0, assumed: 0, held: 0 };
    for (const line of lines.values()) {
      if (!line.scopes.some((scope) => scope.key === key && sameWindow(scope.window, window))) continue;
      const live = line.settled === undefined && line.expires > now;
      const counts = isWithin(line.at, window, now);
      if (line.released) continue;
      if (live && (counts || typeof window !== "string")) sums.held += line.amount;
      else if (!live && counts) sums[line.settled === undefined ? "assumed" : "spent"] += line.settled ?? line.amount;
    }
    return { key, window, ...sums };
  }

  function refusal(scopes: readonly BudgetScope[], amount: number): ReserveOutcome | undefined {
    for (const scope of scopes) {
      const spend = standing(scope.key, scope.window);
      if (spend.spent + spend.assumed + spend.held + amount > scope.limit) return { granted: false, scope, spend };
    }
    return undefined;
  }

  return {
    async reserve({ id, amount, scopes, lease }) {
      if (lines.has(id)) return { granted: true };
      const refused = refusal(scopes, amount);
      if (!refused) lines.set(id, { id, at: clock(), scopes, amount, expires: clock() + lease });
      return refused ?? { granted: true };
    },
    async extend(id, { lease, amount = 0 }) {
      const line = lines.get(id)!;
      const refused = amount > 0 ? refusal(line.scopes, amount) : undefined;
      if (!refused) lines.set(id, { ...line, amount: line.amount + amount, expires: clock() + lease });
      return refused ?? { granted: true };
    },
    async settle(id, amount) {
      const line = lines.get(id);
      if (line && line.settled === undefined && !line.released) lines.set(id, { ...line, settled: amount });
    },
    async release(id) {
      const line = lines.get(id);
      if (line && line.settled === undefined) lines.set(id, { ...line, released: true });
    },
    async spend(key, window) {
      return standing(key, window);
    },
  };
}

function sameWindow(one: BudgetWindow, other: BudgetWindow): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function isWithin(at: number, window: BudgetWindow, now: number): boolean {
  if (typeof window !== "string") return at > now - window.rolling;
  const digits = { total: 0, month: 7, day: 10 }[window];
  return new Date(at).toISOString().slice(0, digits) === new Date(now).toISOString().slice(0, digits);
}
