import fc from "fast-check";
import { expect, test } from "vitest";
import { scaled } from "./decimal.ts";

test.each([
  [2.5, 6, 2_500_000],
  [0.0375, 6, 37_500],
  [0.000001, 6, 1],
  [1e-7, 7, 1],
  [1.1, 6, 1_100_000],
  [0, 6, 0],
  [1e21, 0, undefined],
  [0.0000001, 6, undefined],
  [-1, 6, undefined],
  [Number.NaN, 6, undefined],
  [Number.POSITIVE_INFINITY, 6, undefined],
])("%s times ten to the %s is %s", (value, power, product) => {
  expect(scaled(value, power)).toBe(product);
});

test("is what the digits say, not what binary fractions make of them", () => {
  const digits = fc.tuple(fc.nat(999), fc.nat(999_999));
  fc.assert(
    fc.property(digits, ([whole, millionths]) => {
      const written = `${whole}.${String(millionths).padStart(6, "0")}`;
      expect(scaled(Number(written), 6)).toBe(whole * 1_000_000 + millionths);
    }),
  );
});
