import { expect, test } from "vitest";
import { hashedShare } from "./hashed-share.ts";

test("texts that are nearly the same are spread evenly", () => {
  const bins = Array.from({ length: 20 }, () => 0);
  const texts = 20_000;
  for (let text = 0; text < texts; text++) bins[Math.floor(hashedShare(`user-${text}`) * bins.length)]! += 1;
  const expected = texts / bins.length;
  const chiSquare = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  expect(chiSquare).toBeLessThan(43.8); // 19 degrees of freedom, 1 in 1,000
});

test("is the same for the same text, and never 1", () => {
  expect(hashedShare("ada")).toBe(hashedShare("ada"));
  expect(hashedShare("")).toBeGreaterThanOrEqual(0);
  expect(hashedShare("\uFFFF")).toBeLessThan(1);
});
