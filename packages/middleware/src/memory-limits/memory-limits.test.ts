import { expect, test } from "vitest";
import { testLimitStore } from "@plugboard/testing/test-store";
import { memoryLimits } from "./memory-limits.ts";

testLimitStore("the memory limits", ({ clock }) => memoryLimits({ clock }));

test.each([
  ["cost", { cost: -1 }],
  ["cost", { cost: Number.NaN }],
  ["cost", { cost: Infinity }],
  ["limit", { limit: -1 }],
  ["window", { window: 0 }],
])("refuses a %s that cannot be meant: %o", async (name, wrong) => {
  const limits = memoryLimits();
  const takes = [{ key: "all", limit: 10, window: 1000, cost: 1, ...wrong }];
  const refused = { code: "invalid-request", message: expect.stringContaining(`\`${name}\``) };
  await expect(limits.take(takes)).rejects.toMatchObject(refused);
  await expect(limits.refund(takes, 0)).rejects.toMatchObject(refused);
});

test("says to the millisecond when there is room for a few", async () => {
  let now = 0;
  const limits = memoryLimits({ clock: () => now });
  const take = (cost: number) => limits.take([{ key: "all", limit: 10, window: 1000, cost }]);
  for (; now < 1000; now += 100) await take(1);
  now = 950;
  expect(await take(3)).toMatchObject({ granted: false, retryAfter: 250 });
  now = 1199;
  expect(await take(3)).toMatchObject({ granted: false, retryAfter: 1 });
  now = 1200;
  expect(await take(3)).toEqual({ granted: true, at: 1200 });
});

test("stays small and quick however much is taken, and close to exact", async () => {
  let now = 0;
  const limits = memoryLimits({ clock: () => now });
  let granted = 0;
  // 10 takes a millisecond for three minutes, of which 100,000 a minute are let through.
  for (; now < 180_000; now++) {
    for (let call = 0; call < 2; call++) {
      const { granted: was } = await limits.take([{ key: "all", limit: 100_000, window: 60_000, cost: 1 }]);
      if (was) granted++;
    }
  }
  expect(granted).toBeLessThanOrEqual(300_000);
  expect(granted).toBeGreaterThan(299_000);
});

test("forgets the limits of which nothing counts any more", async () => {
  let now = 0;
  const limits = memoryLimits({ clock: () => now });
  const take = (key: string, window: number) => limits.take([{ key, limit: 1, window, cost: 1 }]);
  await take("kept", 1e9);
  for (; now < 100_000; now++) await take(`user ${now}`, 10);
  expect(await take("kept", 1e9)).toMatchObject({ granted: false });
  expect(await take("user 1", 10)).toMatchObject({ granted: true });
});

test("has a time that stands still while its clock is set back", async () => {
  let now = 5000;
  const limits = memoryLimits({ clock: () => now });
  const take = () => limits.take([{ key: "all", limit: 10, window: 1000, cost: 1 }]);
  await take();
  now = 10;
  expect(await take()).toEqual({ granted: true, at: 5000 });
});
