import type { SpendRow } from "@plugboard/core";
import { labelText, periodOf } from "@plugboard/core/store";
import type { HoldState } from "./account.ts";

/** A row that is being added to. */
export interface OpenRow extends SpendRow {
  attempts: number;
  spent: number;
  assumed: number;
}

const dayLength = 24 * 3_600_000;
const none: SpendRow["labels"] = Object.freeze({});

/** What was booked, by day and labels: the rows of the report. With more than so many, the oldest are forgotten. */
export class SpendRows {
  readonly #most: number;
  /** Oldest first: a map keeps the order in which its keys were set. */
  readonly #rows = new Map<string, OpenRow>();
  /** The day of the last reservation, and when it is over. */
  #day = "";
  #from = 0;
  #until = 0;
  /** The names of rows, by labels that cannot change: writing them is the dearest part of a reservation. */
  #names = new WeakMap<object, { readonly day: string; readonly name: string }>();

  constructor(most: number) {
    this.#most = most;
  }

  /** The row of what is reserved now. */
  open(now: number, labels: SpendRow["labels"] = none): OpenRow {
    const day = this.#dayOf(now);
    const name = this.#nameOf(day, labels);
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

  #dayOf(now: number): string {
    if (now >= this.#until || now < this.#from) {
      this.#day = periodOf("day", now);
      this.#from = Math.floor(now / dayLength) * dayLength;
      this.#until = this.#from + dayLength;
    }
    return this.#day;
  }

  #nameOf(day: string, labels: SpendRow["labels"]): string {
    const known = this.#names.get(labels);
    if (known?.day === day) return known.name;
    const name = `${day} ${labelText(labels)}`;
    if (Object.isFrozen(labels)) this.#names.set(labels, { day, name });
    return name;
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
