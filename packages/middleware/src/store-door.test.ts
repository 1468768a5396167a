import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { StoreDoor } from "./store-door.ts";

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

const fail = (): Promise<never> => Promise.reject(new Error("Down."));
const hang = (): Promise<never> => new Promise(() => {});

async function failing(door: StoreDoor, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await expect(door.ask(fail)).rejects.toThrow("Down.");
}

test("gives what the store gives", async () => {
  expect(await new StoreDoor(50).ask(async () => 7)).toBe(7);
});

test("waits for so long, and for longer where that is said", async () => {
  const asked = [new StoreDoor(50).ask(hang), new StoreDoor(50).ask(hang, 100)].map(async (asked) => {
    await expect(asked).rejects.toMatchObject({ code: "timeout" });
    return Date.now();
  });
  await vi.runAllTimersAsync();
  expect(await Promise.all(asked)).toEqual([50, 150]);
});

test("passes on what the store throws before it promises", () => {
  const thrown = (): never => {
    throw new Error("Down.");
  };
  expect(() => new StoreDoor(50).ask(thrown)).toThrow("Down.");
  expect(vi.getTimerCount()).toBe(0);
});

describe("after failures", () => {
  test("is shut by three in a row, not by three among others", async () => {
    const door = new StoreDoor(50);
    for (let round = 0; round < 5; round++) {
      await failing(door, 2);
      expect(door.isShut).toBe(false);
      await door.ask(async () => {});
    }
    await failing(door, 3);
    expect(door.isShut).toBe(true);
  });

  test("is shut for a second, then for twice as long each time, up to half a minute", async () => {
    const door = new StoreDoor(50);
    await failing(door, 3);
    for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
      vi.advanceTimersByTime(seconds * 1000 - 1);
      expect(door.isShut).toBe(true);
      vi.advanceTimersByTime(1);
      expect(door.isShut).toBe(false);
      await failing(door, 1);
    }
    vi.advanceTimersByTime(30_000);
    await door.ask(async () => {});
    await failing(door, 3);
    vi.advanceTimersByTime(1000);
    expect(door.isShut).toBe(false);
  });

  test("is not shut for longer by calls that were under way", async () => {
    const door = new StoreDoor(50);
    await Promise.allSettled(Array.from({ length: 100 }, () => door.ask(fail)));
    vi.advanceTimersByTime(1000);
    expect(door.isShut).toBe(false);
  });

  test("lets one find out whether the store is back, while the others go on without", async () => {
    const door = new StoreDoor(50);
    await failing(door, 3);
    vi.advanceTimersByTime(1000);
    const { promise, resolve } = Promise.withResolvers<void>();
    const trial = door.ask(() => promise);
    expect(door.isShut).toBe(true);
    resolve();
    await trial;
    expect(door.isShut).toBe(false);
  });
});
