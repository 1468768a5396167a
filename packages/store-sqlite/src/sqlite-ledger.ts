import { ModelError } from "@plugboard/core";
import type { Ledger, ReserveOutcome, SpendRow } from "@plugboard/core";
import { checkAmount, checkDay, labelText, periodOf, readLabels } from "@plugboard/core/store";
import type { Connection, Statement } from "./connection.ts";
import { SqliteAccounts } from "./sqlite-accounts.ts";
import type { Place } from "./sqlite-accounts.ts";

interface HoldRow {
  readonly at: number;
  readonly amount: number;
  /** 1 once its lease has run out and it is charged, else 0. */
  readonly assumed: number;
  readonly places: string;
  readonly labels: string;
}

const granted: ReserveOutcome = { granted: true };
const day = 24 * 3_600_000;

/** An attempt that is settled later than this after its lease ran out stays charged in full. */
const graceful = 30 * day;

/** A ledger in the file; `keepDays` says for how long the report reaches back. */
export function sqliteLedger(connection: Connection, keepDays: number): Ledger {
  const accounts = new SqliteAccounts(connection);
  const columns = "at, amount, assumed, places, labels";
  const find: Statement<HoldRow> = connection.prepare(`SELECT ${columns} FROM plugboard_hold WHERE id = ?`);
  const take: Statement<HoldRow> = connection.prepare(`DELETE FROM plugboard_hold WHERE id = ? RETURNING ${columns}`);
  const add = connection.prepare("INSERT INTO plugboard_hold VALUES (?, ?, ?, ?, 0, ?, ?)");
  const renew = connection.prepare("UPDATE plugboard_hold SET amount = ?, expires = ?, assumed = 0 WHERE id = ?");
  const expire: Statement<HoldRow> = connection.prepare(
    `UPDATE plugboard_hold SET assumed = 1 WHERE assumed = 0 AND expires <= ? RETURNING ${columns}`,
  );
  const givenUp: Statement<HoldRow> = connection.prepare(
    `DELETE FROM plugboard_hold WHERE assumed = 1 AND expires <= ? RETURNING ${columns}`,
  );
  const count = connection.prepare(
    `INSERT INTO plugboard_spend VALUES (?, ?, ?, ?, ?) ON CONFLICT (day, labels) DO UPDATE
       SET attempts = attempts + excluded.attempts, spent = spent + excluded.spent, assumed = assumed + excluded.assumed`,
  );
  const rows: Statement<Omit<SpendRow, "labels"> & { readonly labels: string }> = connection.prepare(
    "SELECT day, labels, attempts, spent, assumed FROM plugboard_spend WHERE day >= ? AND day <= ? AND attempts > 0",
  );
  const forget = connection.prepare("DELETE FROM plugboard_spend WHERE day < ?");

  connection.always((now) => {
    for (const hold of expire.all(now)) {
      accounts.shift(placesOf(hold), { held: -hold.amount, assumed: hold.amount });
      book(hold, { attempts: 1, assumed: hold.amount });
    }
  });
  connection.daily((now) => {
    for (const hold of givenUp.all(now - graceful)) accounts.shift(placesOf(hold), { open: -1 });
    const before = periodOf("day", Math.max(0, now - keepDays * day));
    forget.run(before);
    accounts.tidy(now, before);
  });

  /** Adds to the row of the report, which is that of the day of the reservation. */
  function book({ at, labels }: HoldRow, { attempts = 0, spent = 0, assumed = 0 }: Partial<SpendRow>): void {
    count.run(periodOf("day", at), labels, attempts, spent, assumed);
  }

  return {
    async reserve({ id, amount, scopes, lease, labels }) {
      checkAmount(amount);
      const text = labelText(labels);
      return connection.write((now) => {
        if (find.get(id)) return granted;
        const places = accounts.reserve(scopes, amount, now);
        if ("granted" in places) return places;
        accounts.shift(places, { held: amount, open: 1 });
        add.run(id, now, amount, now + lease, JSON.stringify(places), text);
        return granted;
      });
    },

    async extend(id, { lease, amount = 0 }) {
      checkAmount(amount);
      return connection.write((now) => {
        const hold = find.get(id);
        if (!hold) throw new ModelError(`There is no reservation "${id}", or no longer.`, { code: "invalid-request" });
        const places = placesOf(hold);
        const refused = amount > 0 ? accounts.refusal(places, amount, now) : undefined;
        if (refused) return refused;

        if (hold.assumed === 1) {
          accounts.shift(places, { assumed: -hold.amount, held: hold.amount + amount });
          book(hold, { attempts: -1, assumed: -hold.amount });
        } else if (amount > 0) accounts.shift(places, { held: amount });
        renew.run(hold.amount + amount, now + lease, id);
        return granted;
      });
    },

    async settle(id, amount) {
      checkAmount(amount);
      await connection.write(() => {
        const hold = take.get(id);
        if (!hold) return;
        const wasAssumed = hold.assumed === 1;
        const assumed = wasAssumed ? -hold.amount : 0;
        accounts.shift(placesOf(hold), { spent: amount, assumed, held: wasAssumed ? 0 : -hold.amount, open: -1 });
        book(hold, { attempts: wasAssumed ? 0 : 1, spent: amount, assumed });
      });
    },

    async release(id) {
      await connection.write(() => {
        const hold = take.get(id);
        if (!hold) return;
        if (hold.assumed === 1) {
          accounts.shift(placesOf(hold), { assumed: -hold.amount, open: -1 });
          book(hold, { attempts: -1, assumed: -hold.amount });
        } else accounts.shift(placesOf(hold), { held: -hold.amount, open: -1 });
      });
    },

    async spend(key, window) {
      return connection.write((now) => accounts.spend(key, window, now));
    },

    async report(from, to) {
      checkDay(from);
      checkDay(to);
      const found = await connection.write(() => rows.all(from, to));
      return found.map(({ labels, ...row }) => Object.assign(row, { labels: readLabels(labels) }));
    },
  };
}

function placesOf({ places }: HoldRow): readonly Place[] {
  return JSON.parse(places) as readonly Place[];
}
