// Run by a test, in a process of its own: twenty callers book one nano-dollar at a time until the limit of 900 is spent.
import { sqliteStore } from "./sqlite-store.ts";

const [, , path = "", name = ""] = process.argv;
const store = sqliteStore({ path, busyTimeout: 20_000 });
const { ledger } = store;
const scopes = [{ key: "all", limit: 900, window: "total" }] as const;

await Promise.all(
  Array.from({ length: 20 }, async (_, caller) => {
    for (let time = 0; ; time++) {
      const id = `${name}.${caller}.${time}`;
      const { granted } = await ledger.reserve({ id, amount: 1, scopes, lease: 60_000, labels: { name } });
      if (!granted) return;
      await ledger.settle(id, 1);
    }
  }),
);
store.close();
