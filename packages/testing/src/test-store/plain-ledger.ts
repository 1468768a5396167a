import { ModelError } from "@plugboard/core";
import type { BudgetScope, BudgetWindow, Ledger, Reservation, ReserveOutcome, Spend, SpendRow } from "@plugboard/core";
import { checkAmount, checkDay, labelText } from "@plugboard/core/store";

/** Everything ever reserved. */
interface Line extends Reservation {
  readonly at: number;
  readonly expires: number;
  readonly settled?: number;
  readonly released?: true;
}

/** A ledger that keeps every line and adds them up anew each time: slow, and so short that one can see that it is right. */
export function plainLedger(clock: () => number): Ledger {
  const lines = new Map<string, Line>();
  let latest = -Infinity;
  const now = (): number => (latest = Math.max(latest, clock()));

  const isLive = ({ settled, expires }: Line): boolean => settled === undefined && expires > now();

  /** In the window that `at` is in; a rolling one ends now. */
  function standing(key: string, window: BudgetWindow, at = now()): Spend {
    const sums = { spent: 0, assumed: 0, held: 0 };
    for (const line of lines.values()) {
      if (line.released || !line.scopes.some((scope) => scope.key === key && sameWindow(scope.window, window)))
        continue;
      const counts = isWithin(line.at, window, typeof window === "string" ? at : now());
      if (isLive(line) && (counts || typeof window !== "string")) sums.held += line.amount;
      else if (counts) sums[line.settled === undefined ? "assumed" : "spent"] += line.settled ?? line.amount;
    }
    return { key, window, ...sums };
  }

  function refusal(scopes: readonly BudgetScope[], amount: number, at?: number): ReserveOutcome | undefined {
    for (const scope of scopes) {
      const spend = standing(scope.key, scope.window, at);
      if (spend.spent + spend.assumed + spend.held + amount > scope.limit) return { granted: false, scope, spend };
    }
    return undefined;
  }

  return {
    async reserve(reservation) {
      const { id, amount, scopes, lease } = reservation;
      checkAmount(amount);
      if (lines.has(id)) return { granted: true };
      const refused = refusal(scopes, amount);
      if (!refused) lines.set(id, { ...reservation, at: now(), expires: now() + lease });
      return refused ?? { granted: true };
    },
    async extend(id, { lease, amount = 0 }) {
      checkAmount(amount);
      const line = lines.get(id);
      if (!line || line.settled !== undefined || line.released) {
        throw new ModelError(`There is no reservation "${id}", or no longer.`, { code: "invalid-request" });
      }
      const refused = amount > 0 ? refusal(line.scopes, amount, line.at) : undefined;
      if (!refused) lines.set(id, { ...line, amount: line.amount + amount, expires: now() + lease });
      return refused ?? { granted: true };
    },
    async settle(id, amount) {
      checkAmount(amount);
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
    async report(from, to) {
      checkDay(from);
      checkDay(to);
      const rows = new Map<string, SpendRow>();
      for (const line of lines.values()) {
        const day = new Date(line.at).toISOString().slice(0, 10);
        if (line.released || isLive(line) || day < from || day > to) continue;
        const name = day + labelText(line.labels);
        const { attempts, spent, assumed } = rows.get(name) ?? { attempts: 0, spent: 0, assumed: 0 };
        rows.set(name, {
          day,
          labels: line.labels ?? {},
          attempts: attempts + 1,
          spent: spent + (line.settled ?? 0),
          assumed: assumed + (line.settled === undefined ? line.amount : 0),
        });
      }
      return [...rows.values()];
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
