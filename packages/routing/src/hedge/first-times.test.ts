import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { FirstTimes } from "./first-times.ts";

test("knows the time within which so many came", () => {
  const times = new FirstTimes();
  for (let time = 100; time >= 1; time--) times.add(time);
  expect([0, 0.5, 0.95, 1].map((share) => times.quantile(share))).toEqual([1, 50, 95, 100]);
});

test("keeps the last 200, and no more than the share it is asked for are longer", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(1000), { minLength: 1, maxLength: 500 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (all, share) => {
        const times = new FirstTimes();
        for (const time of all) times.add(time);
        const last = all.slice(-200);
        expect(times.count).toBe(last.length);
        const bound = times.quantile(share);
        expect(last.filter((time) => time > bound).length).toBeLessThanOrEqual((1 - share) * last.length + 1e-6);
        expect(last).toContain(bound);
      },
    ),
  );
});

test("looks no further back than it is told", () => {
  vi.useFakeTimers();
  try {
    const times = new FirstTimes(1000);
    times.add(900);
    vi.advanceTimersByTime(600);
    times.add(10);
    expect([times.count, times.quantile(1)]).toEqual([2, 900]);
    vi.advanceTimersByTime(600);
    expect([times.count, times.quantile(1)]).toEqual([1, 10]);
    vi.advanceTimersByTime(600);
    expect(times.count).toBe(0);
    times.add(20);
    expect([times.count, times.quantile(1)]).toEqual([1, 20]);
  } finally {
    vi.useRealTimers();
  }
});
