// The usual mistake, to see that the race finds it: looks, calls, and adds up afterwards.
import type { RaceStore } from "../race-store.ts";
import { open as openSqlite } from "./sqlite.ts";

export async function open(directory: string): Promise<RaceStore> {
  const store = await openSqlite(directory);
  const { ledger } = store;
  return {
    ...store,
    ledger: {
      ...ledger,
      async reserve(reservation) {
        for (const { key, window, limit } of reservation.scopes) {
          const { spent } = await ledger.spend(key, window);
          if (spent + reservation.amount > limit) return ledger.reserve(reservation);
        }
        const scopes = reservation.scopes.map(({ key, window }) => ({ key, window, limit: Infinity }));
        return ledger.reserve({ ...reservation, scopes });
      },
    },
  };
}
