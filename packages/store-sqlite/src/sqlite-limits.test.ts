import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { openTestStores } from "./open-test-store.ts";

const stores = openTestStores();

test("carries no error of rounding from one window into the next", async () => {
  let now = 0;
  const { limits } = stores.open({ clock: () => now });
  const take = (limit: number, cost: number) => limits.take([{ key: "all", limit, window: 1000, cost }]);
  // 0.1 + 0.2 + 0.3 - 0.1 - 0.2 - 0.3 is not 0.
  for (const cost of [0.1, 0.2, 0.3]) {
    await take(1, cost);
    now += 10;
  }
  for (now = 1000; now <= 1020; now += 10) await take(1, 0);
  expect(await take(0.1, 0.1)).toMatchObject({ granted: true });
});

test("forgets, once a day, the limits of which nothing counts any more", async () => {
  const path = stores.path();
  let now = 0;
  const { limits } = stores.open({ path, clock: () => now });
  const take = (key: string, window: number) => limits.take([{ key, limit: 10, window, cost: 1 }]);
  const week = 7 * 24 * 3_600_000;
  for (let user = 0; user < 50; user++) await take(`user=${user}`, 60_000);
  await take("weekly", week);
  now += 2 * 24 * 3_600_000;
  await take("another", 60_000);
  const file = new DatabaseSync(path);
  const keys = file.prepare("SELECT key FROM plugboard_limit JOIN plugboard_take ON log = id ORDER BY key").all();
  expect(keys.map(({ key }) => key)).toEqual(["another", "weekly"]);
  expect(file.prepare("SELECT count(*) AS takes FROM plugboard_take").get()).toEqual({ takes: 2 });
  file.close();
});
