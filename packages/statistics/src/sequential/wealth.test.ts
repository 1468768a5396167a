import fc from "fast-check";
import { expect, test } from "vitest";
import { Wealth } from "./wealth.ts";

const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });

test("on a fair game, is neither more nor less on average: summed over all outcomes of 10 values", () => {
  fc.assert(
    fc.property(share, (mean) => {
      let expected = 0;
      for (let outcome = 0; outcome < 2 ** 10; outcome++) {
        const wealth = new Wealth(mean);
        let probability = 1;
        for (let value = 0; value < 10; value++) {
          const wins = (outcome >> value) & 1;
          wealth.bet(wins);
          probability *= wins ? mean : 1 - mean;
        }
        expected += probability * Math.exp(wealth.log);
      }
      expect(expected).toBeCloseTo(1, 9);
    }),
    { numRuns: 5 },
  );
});

test("grows where values are more than the mean, and shrinks where they are less", () => {
  const [above, below] = [new Wealth(0.5), new Wealth(0.5)];
  above.bet(1, 20);
  below.bet(0, 20);
  expect(above.log).toBeGreaterThan(Math.log(1000));
  expect(below.log).toBeLessThan(0);
});

test("does not depend on the order of values, nor on their being counted together", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 0.25, 1), { maxLength: 30 }), share, (values, mean) => {
      const [single, together] = [new Wealth(mean), new Wealth(mean)];
      for (const value of values) single.bet(value);
      for (const value of [1, 0, 0.25]) together.bet(value, values.filter((other) => other === value).length);
      expect(together.log).toBeCloseTo(single.log, 9);
    }),
  );
});
