import { expect, test } from "vitest";
import * as fc from "fast-check";
import type { LimitTake } from "@plugboard/core";
import { Gcra } from "./gcra.ts";
import { memoryLimits } from "./memory-limits.ts";

const take = (cost: number, limit: number, window = 1000): LimitTake => ({ key: "all", limit, window, cost });

test("lets a tenth of a limit go at once, and the rest one by one", async () => {
  let now = 0;
  const limits = memoryLimits({ clock: () => now, algorithm: "gcra" });
  const times: number[] = [];
  for (; now <= 1000; now++) if ((await limits.take([take(1, 50)])).granted) times.push(now);
  // Five as they come, then one every 1000 / 46 ms.
  expect(times.slice(0, 8)).toEqual([0, 1, 2, 3, 4, 22, 44, 66]);
});

test("says to the millisecond when there is room", async () => {
  let now = 0;
  const limits = memoryLimits({ clock: () => now, algorithm: "gcra" });
  expect(await limits.take([take(4, 4)])).toMatchObject({ granted: true });
  expect(await limits.take([take(1, 4)])).toMatchObject({ granted: false, retryAfter: 1000 });
  now = 999;
  expect(await limits.take([take(1, 4)])).toMatchObject({ granted: false, retryAfter: 1 });
  now = 1000;
  expect(await limits.take([take(1, 4)])).toMatchObject({ granted: true });
  expect(await limits.take([take(5, 4)])).toMatchObject({ granted: false, retryAfter: Infinity });
});

test("lets the whole of an idle limit go at once, and nothing more in the window that follows", async () => {
  let now = 0;
  const limits = memoryLimits({ clock: () => now, algorithm: "gcra" });
  expect(await limits.take([take(100, 100)])).toMatchObject({ granted: true });
  for (now = 0; now < 900; now += 10) expect(await limits.take([take(1, 100)])).toMatchObject({ granted: false });
  const again = await limits.take([take(100, 100)]);
  expect(again).toMatchObject({ granted: false });
  now += (again as { readonly retryAfter: number }).retryAfter;
  expect(await limits.take([take(100, 100)])).toMatchObject({ granted: true });
  expect(now).toBeGreaterThanOrEqual(1000);
});

test("gives back what was not used, less what has trickled away since, and never more than was taken", () => {
  const meter = new Gcra(1000);
  meter.add(take(10, 100), 0);
  meter.remove(take(10, 100), 0, 0);
  expect(meter.waitFor(take(10, 100), 0)).toBe(0);
  meter.add(take(10, 100), 0);
  meter.remove(take(1000, 100), 0, 0);
  meter.remove(take(1000, 100), 0, 0);
  meter.remove(take(10, 100), 5, 5);
  meter.add(take(10, 100), 5);
  expect(meter.waitFor(take(10, 100), 5)).toBeGreaterThan(100);
  // Ten units come back in 110 ms.
  meter.remove(take(10, 100), 5, 60);
  expect(meter.waitFor(take(10, 100), 60)).toBeCloseTo(0);
  const late = new Gcra(1000);
  late.add(take(10, 100), 0);
  late.add(take(10, 100), 200);
  late.remove(take(10, 100), 0, 200);
  expect(late.waitFor(take(10, 100), 200)).toBeCloseTo((10 * 1000) / 91);
});

test("lets nobody go for what came back meanwhile all the same", async () => {
  let now = 0;
  const limits = memoryLimits({ clock: () => now, algorithm: "gcra" });
  await limits.take([take(5, 50)]);
  now = 66; // three units are back
  expect(await limits.take([take(3, 50)])).toMatchObject({ granted: true });
  await limits.refund([take(5, 50)], 0);
  let granted = 3;
  for (; now < 1066; now++) while ((await limits.take([take(1, 50)])).granted) granted++;
  expect(granted).toBeLessThanOrEqual(50);
  expect(granted).toBeGreaterThan(45);
});

test("takes of all limits or of none, and forgets what counts no more", async () => {
  let now = 0;
  const limits = memoryLimits({ clock: () => now, algorithm: "gcra" });
  const both = (cost: number): LimitTake[] => [take(cost, 10), { ...take(1, 1), key: "other" }];
  expect(await limits.take(both(1))).toMatchObject({ granted: true });
  for (let call = 0; call < 20; call++) {
    expect(await limits.take(both(1))).toMatchObject({ granted: false, limit: { key: "other" }, retryAfter: 1000 });
  }
  now = 100;
  expect(await limits.take([take(1, 10)])).toMatchObject({ granted: true });
  const meter = new Gcra(1000);
  meter.add(take(1, 1), 0);
  expect([meter.isEmpty(1999), meter.isEmpty(2000)]).toEqual([false, true]);
});

test("uses nearly all of the rate, at limits large and small", async () => {
  for (const [limit, least] of [
    [1, 1],
    [2, 1],
    [10, 0.99],
    [500, 0.9],
    [100_000, 0.9],
  ] as const) {
    let now = 0;
    const limits = memoryLimits({ clock: () => now, algorithm: "gcra" });
    const cost = Math.max(1, limit / 1000);
    let granted = 0;
    for (; now < 600_000; now += 10) {
      while ((await limits.take([take(cost, limit, 60_000)])).granted) granted += cost;
    }
    expect(granted).toBeGreaterThanOrEqual(limit * 10 * least);
    expect(granted).toBeLessThanOrEqual(limit * 11);
  }
});

test("never lets more go than the limit in any window, whatever is taken, given back, or comes of the clock", async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ does: fc.constant("take" as const), cost: fc.integer({ min: 1, max: 12 }) }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant("take" as const), cost: fc.integer({ min: 12, max: 60 }) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        does: fc.constant("refund" as const),
        which: fc.nat(20),
        part: fc.integer({ min: 1, max: 60 }),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({ does: fc.constant("wait" as const), time: fc.constantFrom(1, 3, 20, 150, 400) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ does: fc.constant("wait" as const), time: fc.constantFrom(3_600_000, -3_600_000, 1500) }),
    },
  );
  let full = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 30, maxLength: 200 }),
      fc.integer({ min: 1, max: 60 }),
      async (steps, limit) => {
        let now = 10_000_000;
        let seen = now;
        const wrong: string[] = [];
        const limits = memoryLimits({ clock: () => now, algorithm: "gcra" });
        await limits.take([take(0, limit)]);
        const admitted: { readonly at: number; readonly told: number; left: number }[] = [];
        for (const one of steps) {
          if (one.does === "wait") {
            now += one.time;
            seen = Math.max(seen, now);
            await limits.take([take(0, limit)]); // a store knows of a time that it was asked at
          } else if (one.does === "refund") {
            const given = admitted.at(-1 - one.which);
            if (!given) continue;
            const cost = Math.min(one.part, given.left);
            await limits.refund([take(cost, limit)], given.told);
            given.left -= cost;
          } else {
            const outcome = await limits.take([take(one.cost, limit)]);
            if (!outcome.granted) continue;
            admitted.push({ at: seen, told: outcome.at, left: one.cost });
          }
          for (const { at } of admitted) {
            const inside = admitted.filter((other) => other.at >= at && other.at < at + 1000);
            const sum = inside.reduce((total, { left }) => total + left, 0);
            if (sum === limit) full++;
            if (sum > limit) wrong.push(`${sum} of ${limit} from ${at} on`);
          }
        }
        expect(wrong).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
  // It is not kept by letting nobody go.
  expect(full).toBeGreaterThan(100);
});

test("refuses an algorithm that there is not", () => {
  expect(() => memoryLimits({ algorithm: "leaky" as "gcra" })).toThrow(
    expect.objectContaining({ code: "invalid-request", message: expect.stringContaining("`algorithm`") }),
  );
});
