import type { BudgetWindow } from "../ledger.ts";

/** The UTC day or month that a time is in, `2026-11-25` or `2026-11`; an empty text for a window without borders. */
export function periodOf(window: BudgetWindow, time: number): string {
  if (window === "day") return new Date(time).toISOString().slice(0, 10);
  return window === "month" ? new Date(time).toISOString().slice(0, 7) : "";
}
