import { expect } from "vitest";
import type { BudgetScope, BudgetWindow, Ledger, ReserveOutcome, SpendRow } from "@plugboard/core";
import { labelText } from "@plugboard/core/store";

/** Milliseconds that reservations of the suite live. */
export const lease = 60_000;
export const hour = 3_600_000;

export function scope(limit: number, window: BudgetWindow = "total", key = "all"): BudgetScope {
  return { key, limit, window };
}

export function reserve(
  ledger: Ledger,
  id: string,
  amount: number,
  ...scopes: readonly BudgetScope[]
): Promise<ReserveOutcome> {
  return ledger.reserve({ id, amount, scopes, lease });
}

export async function expectSpend(
  ledger: Ledger,
  { key, window }: BudgetScope,
  sums: { spent?: number; assumed?: number; held?: number },
): Promise<void> {
  expect(await ledger.spend(key, window)).toEqual({ key, window, spent: 0, assumed: 0, held: 0, ...sums });
}

/** The report in an order of its own, which the store's need not be. */
export async function reportOf(ledger: Ledger, from: string, to: string): Promise<readonly SpendRow[]> {
  return (await ledger.report(from, to)).toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function nameOf({ day, labels }: SpendRow): string {
  return day + labelText(labels);
}
