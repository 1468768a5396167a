import type { BudgetScope, BudgetWindow, Spend } from "@plugboard/core";
import { periodOf } from "@plugboard/core/store";
import type { Connection, Statement } from "./connection.ts";
import { Slices } from "./slices.ts";

/** Where a reservation counts: one of its scopes, and the account and slice of it. Kept as JSON. */
export interface Place {
  readonly scope: BudgetScope;
  readonly account: number;
  /** Of a rolling window: when the slice began. */
  readonly slice?: number;
}

/** How the sums of a place change. */
export interface Shift {
  readonly spent?: number;
  readonly assumed?: number;
  readonly held?: number;
  /** Reservations that may still be booked there. */
  readonly open?: number;
}

/** Which scope has no room, and how it stands. */
export interface Refused {
  readonly granted: false;
  readonly scope: BudgetScope;
  readonly spend: Spend;
}

interface AccountRow {
  readonly id: number;
  readonly rolling: number;
  readonly spent: number;
  readonly assumed: number;
  readonly held: number;
  readonly slices: number;
}

/** The sums of keys in their windows. Everything here is part of a transaction. */
export class SqliteAccounts {
  readonly #find: Statement<AccountRow>;
  readonly #byId: Statement<AccountRow>;
  readonly #create: Statement<AccountRow>;
  readonly #shift: Statement<never>;
  readonly #shiftSlice: Statement<never>;
  readonly #countSlices: Statement<never>;
  readonly #tidyPeriods: Statement<never>;
  readonly #tidyRolling: Statement<never>;
  readonly #tidySlices: Statement<never>;
  readonly #slices: Slices<{ readonly spent: number; readonly assumed: number }>;

  constructor(connection: Connection) {
    const columns = "id, rolling, spent, assumed, held, slices";
    this.#find = connection.prepare(
      `SELECT ${columns} FROM plugboard_account WHERE key = ? AND window = ? AND period = ?`,
    );
    this.#byId = connection.prepare(`SELECT ${columns} FROM plugboard_account WHERE id = ?`);
    this.#create = connection.prepare(
      `INSERT INTO plugboard_account (key, window, period, rolling) VALUES (?, ?, ?, ?) RETURNING ${columns}`,
    );
    this.#shift = connection.prepare(
      "UPDATE plugboard_account SET spent = spent + ?, assumed = assumed + ?, held = held + ?, open = open + ? WHERE id = ?",
    );
    this.#shiftSlice = connection.prepare(
      "UPDATE plugboard_slice SET spent = spent + ?, assumed = assumed + ? WHERE log = ? AND first = ?",
    );
    this.#countSlices = connection.prepare("UPDATE plugboard_account SET slices = slices + ? WHERE id = ?");
    this.#slices = new Slices(connection, "plugboard_slice");
    this.#tidyPeriods = connection.prepare(
      "DELETE FROM plugboard_account WHERE open = 0 AND period <> '' AND period < substr(?, 1, length(period))",
    );
    this.#tidyRolling = connection.prepare(
      `DELETE FROM plugboard_account WHERE open = 0 AND rolling > 0
         AND NOT EXISTS (SELECT 1 FROM plugboard_slice WHERE log = id AND last > ? - rolling)`,
    );
    this.#tidySlices = connection.prepare(
      "DELETE FROM plugboard_slice WHERE log NOT IN (SELECT id FROM plugboard_account)",
    );
  }

  /** Where something that is reserved now counts, unless a scope has no room for it. */
  reserve(scopes: readonly BudgetScope[], amount: number, now: number): readonly Place[] | Refused {
    const accounts = scopes.map((scope) => this.#current(scope, now));
    for (const [place, scope] of scopes.entries())
      if (!fits(scope, accounts[place], amount)) return refused(scope, accounts[place]);

    return scopes.map((scope, place) => {
      // A scope that is named twice has its account by now.
      const account = accounts[place] ?? this.#current(scope, now) ?? this.#open(scope, now);
      if (account.rolling === 0) return { scope, account: account.id };
      const { first, isNew } = this.#slices.at(account.id, now, account.rolling, account.slices);
      if (isNew) this.#countSlices.run(1, account.id);
      return { scope, account: account.id, slice: first };
    });
  }

  /** The first of the places that has no room for so much more. */
  refusal(places: readonly Place[], amount: number, now: number): Refused | undefined {
    for (const { scope, account } of places) {
      const sums = this.#moveOn(this.#byId.get(account)!, now);
      if (!fits(scope, sums, amount)) return refused(scope, sums);
    }
    return undefined;
  }

  /** Changes the sums of each account once. What a rolling window has left counts no more, however it is booked. */
  shift(places: readonly Place[], { spent = 0, assumed = 0, held = 0, open = 0 }: Shift): void {
    for (const [place, { account, slice }] of places.entries()) {
      if (places.length > 1 && places.findIndex((other) => other.account === account) !== place) continue;
      const booked = spent !== 0 || assumed !== 0;
      const gone = booked && slice !== undefined && this.#shiftSlice.run(spent, assumed, account, slice) === 0;
      this.#shift.run(gone ? 0 : spent, gone ? 0 : assumed, held, open, account);
    }
  }

  spend(key: string, window: BudgetWindow, now: number): Spend {
    return spendOf({ key, window }, this.#current({ key, window }, now));
  }

  /** Forgets windows that are over by now, those of days and months before a day. */
  tidy(now: number, before: string): void {
    this.#tidyPeriods.run(before);
    this.#tidyRolling.run(now);
    this.#tidySlices.run();
  }

  #current({ key, window }: Pick<BudgetScope, "key" | "window">, now: number): AccountRow | undefined {
    const account = this.#find.get(key, nameOf(window), periodOf(window, now));
    return account && this.#moveOn(account, now);
  }

  #open({ key, window }: BudgetScope, now: number): AccountRow {
    const rolling = typeof window === "string" ? 0 : window.rolling;
    return this.#create.get(key, nameOf(window), periodOf(window, now), rolling)!;
  }

  /** Takes from a rolling window what it has left. */
  #moveOn(account: AccountRow, now: number): AccountRow {
    if (account.rolling === 0 || account.slices === 0) return account;
    const dropped = this.#slices.drop(account.id, now - account.rolling);
    if (dropped.length === 0) return account;
    let [spent, assumed] = [0, 0];
    for (const slice of dropped) {
      spent += slice.spent;
      assumed += slice.assumed;
    }
    this.#shift.run(-spent, -assumed, 0, 0, account.id);
    this.#countSlices.run(-dropped.length, account.id);
    return this.#byId.get(account.id)!;
  }
}

function fits({ limit }: BudgetScope, sums: AccountRow | undefined, amount: number): boolean {
  return (sums ? sums.spent + sums.assumed + sums.held : 0) + amount <= limit;
}

function refused(scope: BudgetScope, sums: AccountRow | undefined): Refused {
  return { granted: false, scope, spend: spendOf(scope, sums) };
}

/** An account that nobody has opened is empty. */
function spendOf({ key, window }: Pick<BudgetScope, "key" | "window">, sums: Partial<AccountRow> = {}): Spend {
  const { spent = 0, assumed = 0, held = 0 } = sums;
  return { key, window, spent, assumed, held };
}

function nameOf(window: BudgetWindow): string {
  return typeof window === "string" ? window : `rolling ${window.rolling}`;
}
