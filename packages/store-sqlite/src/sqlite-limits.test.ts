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
