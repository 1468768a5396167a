import fc from "fast-check";
import { expect, test } from "vitest";
import { studentCdf, studentQuantile } from "./student-t.ts";

// The tables' values (Fisher and Yates, table III); scipy.stats.t for the digits and for degrees that are not whole.
test.each([
  [0.975, 10, 2.228138851986274],
  [0.95, 30, 1.697260886593957],
  [0.975, 1, 12.706204736174694],
  [0.995, 3.7, 4.8692522532278275],
  [0.5, 4, 0],
  [0.975, Infinity, 1.959963984540054],
])("the quantile of %d with %d degrees", (probability, degrees, expected) => {
  expect(studentQuantile(probability, degrees)).toBeCloseTo(expected, 9);
  expect(studentQuantile(1 - probability, degrees)).toBeCloseTo(-expected, 9);
});

test.each([
  [2, 5, 0.9490302605850708],
  [-3, 2.5, 0.036288047774515914],
  [0.1, 1000, 0.539817815488198],
])("the probability below %d with %d degrees", (t, degrees, expected) => {
  expect(studentCdf(t, degrees)).toBeCloseTo(expected, 11);
});

test("has closed forms for 1 and 2 degrees", () => {
  fc.assert(
    fc.property(fc.double({ min: -50, max: 50, noNaN: true }), (t) => {
      expect(studentCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 8);
      expect(studentCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 8);
    }),
  );
});
