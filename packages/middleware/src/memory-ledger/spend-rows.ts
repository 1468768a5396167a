import type { SpendRow } from "@plugboard/core";
import { labelText } from "@plugboard/core/store";
import type { HoldState } from "./account.ts";

/** A row that is being added to. */
export interface OpenRow extends SpendRow {
  attempts: number;
  spent: number;
  assumed: number;
}

/** What was booked, by day and labels: the rows of the report. With more than so many, the oldest are forgotten. */
export class SpendRows {
  readonly #most: number;
  /** Oldest first: a map keeps the order in which its keys were set. */
  readonly #rows = new Map<string, OpenRow>();

  constructor(most: number) {
    this.#most = most;
  }

  /** The row of what is reserved now. */
  open(now: number, labels: SpendRow["labels"] = {}): OpenRow {
    const day = new Date(now).toISOString().slice(0, 10);
    const name = `${day} ${labelText(labels)}`;
    let row = this.#rows.get(name);
    if (!row) {
      row = { day, labels: { ...labels }, attempts: 0, spent: 0, assumed: 0 };
      this.#rows.set(name, row);
      for (const oldest of this.#rows.keys()) {
        if (this.#rows.size <= this.#most) break;
        this.#rows.delete(oldest);
      }
    }
    return row;
  }

  between(from: string, to: string): readonly SpendRow[] {
    const rows: SpendRow[] = [];
    for (const row of this.#rows.values()) {
      if (row.attempts > 0 && row.day >= from && row.day <= to) rows.push({ ...row, labels: { ...row.labels } });
    }
    return rows;
  }
}

/** Adds an attempt to its row, or with -1 takes it out. */
export function count(row: OpenRow, state: HoldState, amount: number, attempts: 1 | -1): void {
  if (state !== "spent" && state !== "assumed") return;
  row[state] += attempts * amount;
  row.attempts += attempts;
}
