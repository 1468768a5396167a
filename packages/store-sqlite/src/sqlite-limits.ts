import type { Limit, LimitStore, LimitTake, TakeOutcome } from "@plugboard/core";
import { readTakes } from "@plugboard/core/store";
import type { Connection, Statement } from "./connection.ts";
import { Slices } from "./slices.ts";

interface LimitRow {
  readonly id: number;
  readonly used: number;
  readonly slices: number;
}

interface TakeRow {
  readonly first: number;
  readonly last: number;
  readonly amount: number;
}

/** Limits in the file: what was taken within each window, bit by bit, as `memoryLimits` keeps it. */
export function sqliteLimits(connection: Connection): LimitStore {
  const find: Statement<LimitRow> = connection.prepare(
    "SELECT id, used, slices FROM plugboard_limit WHERE key = ? AND window = ?",
  );
  const create: Statement<LimitRow> = connection.prepare(
    "INSERT INTO plugboard_limit (key, window) VALUES (?, ?) RETURNING id, used, slices",
  );
  // Where nothing is left nothing counts: no error of rounding stays.
  const change: Statement<LimitRow> = connection.prepare(
    `UPDATE plugboard_limit SET slices = slices + ?, used = iif(slices + ? = 0, 0, used + ?) WHERE id = ?
       RETURNING id, used, slices`,
  );
  const raise = connection.prepare("UPDATE plugboard_take SET amount = amount + ? WHERE log = ? AND first = ?");
  const all: Statement<TakeRow> = connection.prepare(
    "SELECT first, last, amount FROM plugboard_take WHERE log = ? ORDER BY first",
  );
  const upTo: Statement<TakeRow> = connection.prepare(
    "SELECT first, last, amount FROM plugboard_take WHERE log = ? AND first <= ? AND last >= ?",
  );
  const slices = new Slices<TakeRow>(connection, "plugboard_take");

  const forget = connection.prepare(
    "DELETE FROM plugboard_limit WHERE NOT EXISTS (SELECT 1 FROM plugboard_take WHERE log = id AND last > ? - window)",
  );
  const forgetTakes = connection.prepare(
    "DELETE FROM plugboard_take WHERE log NOT IN (SELECT id FROM plugboard_limit)",
  );

  connection.daily((now) => {
    forget.run(now);
    forgetTakes.run();
  });

  /** Adds to a limit, or takes from it; says how it stands then. */
  function add(id: number, count: number, amount: number): LimitRow | undefined {
    return change.get(count, count, amount, id);
  }

  function current({ key, window }: Limit, now: number): LimitRow | undefined {
    const limit = find.get(key, window);
    if (!limit || limit.slices === 0) return limit;
    const dropped = slices.drop(limit.id, now - window);
    if (dropped.length === 0) return limit;
    return add(limit.id, -dropped.length, -dropped.reduce((sum, { amount }) => sum + amount, 0));
  }

  /** Milliseconds until no more than this counts. */
  function until(most: number, { id, used }: LimitRow, window: number, now: number): number {
    let rest = used;
    for (const { last, amount } of all.all(id)) {
      rest -= amount;
      if (rest <= most) return last + window - now;
    }
    return 0;
  }

  function refusal(takes: readonly LimitTake[], now: number): TakeOutcome | undefined {
    let refused: Extract<TakeOutcome, { readonly granted: false }> | undefined;
    for (const { key, limit, window, cost } of takes) {
      const row = current({ key, limit, window }, now);
      if ((row?.used ?? 0) + cost <= limit) continue;
      const retryAfter = cost > limit ? Infinity : until(limit - cost, row!, window, now);
      if (refused && refused.retryAfter >= retryAfter) continue;
      refused = { granted: false, limit: { key, limit, window }, retryAfter };
    }
    return refused;
  }

  return {
    async take(takes) {
      const asked = readTakes(takes);
      return connection.write((now): TakeOutcome => {
        const refused = refusal(asked, now);
        if (refused) return refused;
        for (const { key, window, cost } of asked) {
          if (cost === 0) continue;
          const { id, slices: count } = find.get(key, window) ?? create.get(key, window)!;
          const { first, isNew } = slices.at(id, now, window, count);
          raise.run(cost, id, first);
          add(id, isNew ? 1 : 0, cost);
        }
        return { granted: true, at: now };
      });
    },

    async refund(takes, at) {
      const asked = readTakes(takes);
      await connection.write((now) => {
        for (const { key, limit, window, cost } of asked) {
          const row = current({ key, limit, window }, now);
          const slice = row && upTo.get(row.id, at, at);
          if (!slice) continue;
          const back = Math.min(cost, slice.amount);
          raise.run(-back, row.id, slice.first);
          add(row.id, 0, -back);
        }
      });
    },
  };
}
