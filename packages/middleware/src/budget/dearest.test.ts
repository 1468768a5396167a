import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as fc from "fast-check";
import type { PriceLookup } from "@plugboard/core";
import { Dearest } from "./dearest.ts";

const model = { provider: "test", id: "model" };
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("takes the dearest of what the tokens can be, of the input and of the output", () => {
  /** An input token costs 2, 5 when written to a cache for an hour, 1 when read from one; an output token 10, 30 when spoken. */
  const price: PriceLookup = ({ input = 0, cachedInput = 0, cacheWrite1h = 0, output = 0, outputAudio = 0 }) => ({
    cost: { total: 2 * input - cachedInput + 3 * cacheWrite1h + 10 * output + 20 * outputAudio },
  });
  expect(new Dearest(price).of(100, 7, model)).toBe(5 * 100 + 30 * 7);
});

test("leaves out parts that have no price, and has none where the plain tokens have none", () => {
  const plain: PriceLookup = ({ input = 0, output = 0, ...parts }) =>
    Object.keys(parts).length > 0 ? { missing: Object.keys(parts) } : { cost: { total: 2 * input + 10 * output } };
  expect(new Dearest(plain).of(100, 7, model)).toBe(270);
  const none = new Dearest(() => ({ missing: ["model"] }));
  expect(none.of(100, 7, model)).toBeUndefined();
  expect(none.missing(100, 7, model)).toEqual(["model"]);
});

test("is never less than the price, and no more than a sixty-fourth above it", () => {
  const price: PriceLookup = ({ input = 0 }) => ({ cost: { total: input } });
  const dearest = new Dearest(price);
  fc.assert(
    fc.property(fc.nat(1e9), (input) => {
      const amount = dearest.of(input, 0, model)!;
      expect(amount).toBeGreaterThanOrEqual(input);
      expect(amount).toBeLessThanOrEqual(input * (1 + 1 / 64));
    }),
  );
  expect(dearest.of(128, 0, model)).toBe(128);
});

test("asks for the same price once, for a second, and tells models apart", () => {
  let each = 2;
  const price = vi.fn<PriceLookup>(({ input = 0 }) => ({ cost: { total: each * input } }));
  const dearest = new Dearest(price);
  expect(dearest.of(100, 5, model)).toBe(200);
  const { length } = price.mock.calls;
  expect(dearest.of(100, 5, model)).toBe(200);
  expect(price).toHaveBeenCalledTimes(length);
  each = 3;
  expect(dearest.of(100, 5, { ...model, catalogId: "other" })).toBe(300);
  vi.advanceTimersByTime(1001);
  expect(dearest.of(100, 5, model)).toBe(300);
});
