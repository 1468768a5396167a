import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readBody, readErrorBody } from "./read-body.ts";
import type { ByteRead, ByteSource } from "./transport.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Gives one piece every `pace` ms, then ends, breaks or hangs. */
function source(
  pieces: readonly string[],
  pace: number,
  then: "end" | "break" | "hang" = "end",
): ByteSource & { cancels: number } {
  const left = pieces.map((piece) => new TextEncoder().encode(piece));
  return {
    cancels: 0,
    read() {
      return new Promise<ByteRead>((resolve, reject) => {
        const value = left.shift();
        if (value) setTimeout(() => resolve({ value }), pace);
        else if (then === "end") resolve({});
        else if (then === "break") reject(new Error("reset"));
      });
    },
    cancel() {
      this.cancels++;
    },
  };
}

test("takes as much of an error as comes in time, and lets go of the rest", async () => {
  const slow = source(Array<string>(1000).fill("x"), 100);
  const text = readErrorBody(slow, 65_536, 5000);
  await vi.advanceTimersByTimeAsync(5000);
  expect((await text).length).toBeGreaterThanOrEqual(48);
  expect(slow.cancels).toBe(1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(vi.getTimerCount()).toBe(0);
});

test.each([
  ["end", "Hello"],
  ["break", "Hello"],
] as const)("takes an error whose body comes to its %s", async (then, expected) => {
  const text = readErrorBody(source(["Hel", "lo"], 1, then), 65_536, 5000);
  await vi.advanceTimersByTimeAsync(10);
  expect(await text).toBe(expected);
  expect(vi.getTimerCount()).toBe(0);
});

test("cuts an error at its bound", async () => {
  const large = source(["Hello, ", "world", "never read"], 1, "hang");
  const text = readErrorBody(large, 9, 5000);
  await vi.advanceTimersByTimeAsync(10);
  expect(await text).toBe("Hello, wo");
  expect(large.cancels).toBe(1);
});

test("takes a body of exactly the bound, and says when there was more", async () => {
  const exact = readBody(source(["Hello"], 0), 5);
  const more = readBody(source(["Hel", "lo"], 0), 4);
  await vi.advanceTimersByTimeAsync(10);
  expect(await exact).toEqual({ text: "Hello", cut: false });
  expect(await more).toEqual({ text: "Hell", cut: true });
});
