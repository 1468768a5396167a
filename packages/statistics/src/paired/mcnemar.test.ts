import { describe, expect, test } from "vitest";
import { binomialPmf } from "../distributions/binomial.ts";
import { mcnemar } from "./mcnemar.ts";

describe("Fagerland, Lydersen and Laake, The McNemar test for binary matched-pairs data, BMC Med. Res. Methodol. 13, 2013", () => {
  test.each([
    ["airway hyper-responsiveness (Bentur 2009)", 1, 7, 0.07, 0.039],
    ["complete response (Cavo 2012)", 6, 16, 0.052, 0.035],
  ])("%s", (_, onlyBaseline, onlyCandidate, exact, midP) => {
    expect(mcnemar({ onlyBaseline, onlyCandidate, method: "exact" })).toBeCloseTo(exact, 3);
    expect(mcnemar({ onlyBaseline, onlyCandidate })).toBeCloseTo(midP, 3);
    expect(mcnemar({ onlyBaseline: onlyCandidate, onlyCandidate: onlyBaseline })).toBeCloseTo(midP, 3);
  });
});

test("finds no difference where there is none", () => {
  expect(mcnemar({ onlyBaseline: 0, onlyCandidate: 0, method: "exact" })).toBe(1);
  expect(mcnemar({ onlyBaseline: 5, onlyCandidate: 5, method: "exact" })).toBe(1);
  // Fagerland's mid-p of equal counts: 1 − ½ P(n).
  expect(mcnemar({ onlyBaseline: 1, onlyCandidate: 1 })).toBeCloseTo(0.75, 12);
});

test("raises false alarms in at most 5 % of studies, summed over all that can be seen", () => {
  for (const differing of [6, 12, 30, 75]) {
    let [midP, exact] = [0, 0];
    for (let wins = 0; wins <= differing; wins++) {
      const counts = { onlyBaseline: wins, onlyCandidate: differing - wins };
      if (mcnemar(counts) <= 0.05) midP += binomialPmf(wins, differing, 0.5);
      if (mcnemar({ ...counts, method: "exact" }) <= 0.05) exact += binomialPmf(wins, differing, 0.5);
    }
    expect(exact).toBeLessThanOrEqual(0.05);
    expect(midP).toBeGreaterThanOrEqual(exact);
    expect(midP).toBeLessThan(0.065); // given how many differ; over how many differ it evens out
  }
});
