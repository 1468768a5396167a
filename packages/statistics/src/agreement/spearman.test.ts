import { expect, test } from "vitest";
import { spearman } from "./spearman.ts";

test("the example of the textbooks, hours of television against IQ: −29/165", () => {
  const { estimate, lower, upper } = spearman(
    [106, 100, 86, 101, 99, 103, 97, 113, 112, 110],
    [7, 27, 2, 50, 28, 29, 20, 12, 6, 17],
  );
  expect(estimate).toBeCloseTo(-29 / 165, 12);
  // tanh(artanh r ± 1.96 √((1 + r²/2)/7)) (Bonett and Wright 2000).
  expect(lower).toBeCloseTo(-0.72783, 5);
  expect(upper).toBeCloseTo(0.514547, 5);
});

test("shares the ranks of equals", () => {
  // scipy.stats.spearmanr.
  expect(spearman([1, 2, 2, 3], [1, 3, 2, 4]).estimate).toBeCloseTo(0.9486832980505139, 12);
  expect(spearman([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]).estimate).toBeCloseTo(0.8, 12);
});

test("a perfect order leaves doubt, the more the fewer items", () => {
  const order = (items: number): number[] => Array.from({ length: items }, (_, place) => place);
  expect(spearman(order(4), order(4))).toMatchObject({ estimate: 1, upper: 1 });
  expect(spearman(order(4), order(4)).lower).toBeLessThan(0);
  expect(spearman(order(30), order(30)).lower).toBeGreaterThan(0.99);
  const down = spearman(order(10), order(10).toReversed());
  expect(down.estimate).toBeCloseTo(-1, 12);
  expect(down.lower).toBeCloseTo(-1, 12);
  expect(down.upper).toBeGreaterThan(-0.99);
  expect(down.upper).toBeLessThan(-0.8);
});
