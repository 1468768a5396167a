import { describe, expect, test } from "vitest";
import { cohenKappa } from "./cohen-kappa.ts";
import type { KappaOptions } from "./cohen-kappa.ts";

/** Labels that come to a table: rows are the first judge's. */
function labels(table: readonly (readonly number[])[]): Pick<KappaOptions, "first" | "second"> {
  const pairs = table.flatMap((row, first) =>
    row.flatMap((count, second) => Array.from({ length: count }, () => [first, second] as const)),
  );
  return { first: pairs.map(([label]) => label), second: pairs.map(([, label]) => label) };
}

describe("SAS/STAT, PROC FREQ, Tests and measures of agreement: two dermatologists", () => {
  const skin = labels([
    [10, 4, 1, 0],
    [5, 10, 12, 2],
    [2, 4, 12, 5],
    [0, 2, 6, 13],
  ]);

  test("simple: 0.3449, from 0.2030 to 0.4868", () => {
    const { estimate, lower, upper } = cohenKappa(skin);
    expect(estimate).toBeCloseTo(0.3449, 4);
    expect(lower).toBeCloseTo(0.203, 4);
    expect(upper).toBeCloseTo(0.4868, 4);
  });

  test("weighted: 0.5082, standard error 0.0655", () => {
    const { estimate, lower, upper } = cohenKappa({ ...skin, weights: "linear" });
    expect(estimate).toBeCloseTo(0.5082, 4);
    expect(upper - lower).toBeCloseTo(2 * 1.96 * 0.0655, 3);
  });

  test("by squares: from the formulas of Fleiss, Cohen and Everitt with numpy", () => {
    const { estimate, lower } = cohenKappa({ ...skin, weights: "quadratic" });
    expect(estimate).toBeCloseTo(0.6607228915662648, 12);
    expect(lower).toBeCloseTo(0.6607228915662648 - 1.959963984540054 * 0.06164283241700003, 9);
  });
});

test("Fleiss, Levin and Paik, Statistical methods for rates and proportions, table 18.1: 0.68, standard error 0.087", () => {
  const { estimate, lower, upper } = cohenKappa(
    labels([
      [75, 1, 4],
      [5, 4, 1],
      [0, 0, 10],
    ]),
  );
  expect(estimate).toBeCloseTo(0.68, 2);
  expect((upper - lower) / 2 / 1.96).toBeCloseTo(0.0877, 4);
});

test("the example of 50 grants: 20 and 15 agreed, 15 not, kappa 0.4", () => {
  expect(cohenKappa(labels([[20, 5], [10, 15]])).estimate).toBeCloseTo(0.4, 12); // prettier-ignore
  expect(cohenKappa({ first: ["yes", "no", "yes"], second: ["yes", "no", "no"] }).estimate).toBeCloseTo(0.4, 12);
});

test("weights go along the categories as given, numbers by size and not by digits", () => {
  const first = [9, 10, 9, 10, 2, 2];
  const second = [10, 9, 9, 10, 2, 9];
  const sorted = cohenKappa({ first, second, weights: "linear" });
  expect(cohenKappa({ first, second, weights: "linear", categories: [2, 9, 10] })).toEqual(sorted);
  expect(cohenKappa({ first, second, weights: "linear", categories: [9, 2, 10] }).estimate).not.toBeCloseTo(
    sorted.estimate,
    3,
  );
});

test("agreement that cannot be beyond chance is refused, however the shares add up", () => {
  const all = Array.from({ length: 10 }, () => "a");
  expect(() => cohenKappa({ first: all, second: all })).toThrow("agreement beyond chance is not defined");
  expect(() => cohenKappa({ first: all, second: all, categories: ["a", "b"] })).toThrow(
    "agreement beyond chance is not defined",
  );
  expect(() => cohenKappa({ first: ["a", "c"], second: ["a", "b"], categories: ["a", "b"] })).toThrow(
    '`categories` lacks "c".',
  );
});
