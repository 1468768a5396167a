import { expect, test } from "vitest";
import { binomialPmf } from "../distributions/binomial.ts";
import { powerBound } from "./power-bound.ts";

test("on the line, is the level", () => {
  const bound = powerBound(60, { baselineRate: 0.1, candidateRate: 0.05 }, { margin: 0.05, level: 0.05 });
  expect(bound).toBeCloseTo(0.05, 9);
});

test("where only losses tell, is what the binomial distribution has room for", () => {
  // No candidate is ever better: no loss in 50 has probability 0.9^50 = 0.5 % on the line, one 2.9 %, two 7.8 % in all of 11.2 %.
  const chance = (losses: number): number => binomialPmf(losses, 50, 0.1);
  const edge = (0.05 - chance(0) - chance(1)) / chance(2);
  const truth = (losses: number): number => binomialPmf(losses, 50, 0.02);
  const bound = powerBound(50, { baselineRate: 0.02, candidateRate: 1e-9 }, { margin: 0.1, level: 0.05 });
  expect(bound).toBeCloseTo(truth(0) + truth(1) + edge * truth(2), 4);
});
