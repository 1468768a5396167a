import type { Connection, Statement } from "./connection.ts";

/** A window of more slices than this puts together what comes within so small a part of it. */
const fine = 1024;

/**
 * What counts over a sliding window, oldest first, in a table with the columns `log`, `first` and `last`: a slice counts until the window
 * has left its last. Up to about a thousand it is exact; beyond that, something counts for up to a thousandth of the window longer.
 */
export class Slices<Row> {
  readonly #drop: Statement<Row>;
  readonly #last: Statement<{ readonly first: number; readonly last: number }>;
  readonly #stretch: Statement<never>;
  readonly #add: Statement<never>;

  constructor(connection: Connection, table: "plugboard_slice" | "plugboard_take") {
    this.#drop = connection.prepare(`DELETE FROM ${table} WHERE log = ? AND first <= ? AND last <= ? RETURNING *`);
    this.#last = connection.prepare(`SELECT first, last FROM ${table} WHERE log = ? ORDER BY first DESC LIMIT 1`);
    this.#stretch = connection.prepare(`UPDATE ${table} SET last = ? WHERE log = ? AND first = ?`);
    this.#add = connection.prepare(`INSERT INTO ${table} (log, first, last) VALUES (?, ?, ?)`);
  }

  /** Forgets what ended up to then, and says what it was. */
  drop(log: number, until: number): readonly Row[] {
    return this.#drop.all(log, until, until);
  }

  /** The slice of now, by its first; `count` is how many there are. */
  at(log: number, now: number, window: number, count: number): { readonly first: number; readonly isNew: boolean } {
    const slice = count === 0 ? undefined : this.#last.get(log);
    if (slice?.last === now) return { first: slice.first, isNew: false };
    if (slice && count >= fine && now - slice.first < window / fine) {
      this.#stretch.run(now, log, slice.first);
      return { first: slice.first, isNew: false };
    }
    this.#add.run(log, now, now);
    return { first: now, isNew: true };
  }
}
