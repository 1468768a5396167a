import { expect, test } from "vitest";
import { seededRandom } from "../random.ts";
import { conformalRiskControl } from "./conformal-risk-control.ts";

test("chooses inf {λ : (n R̂(λ) + B) / (n + 1) ≤ α} (Angelopoulos et al. 2024, equation 4)", () => {
  const losses = Array.from({ length: 9 }, (_, item) => [item < 5 ? 1 : 0, item < 1 ? 0.5 : 0, 0]);
  // (5 + 1)/10 = 0.6, (0.5 + 1)/10 = 0.15, (0 + 1)/10 = 0.1.
  const thresholds = [0.2, 0.5, 0.8];
  expect(conformalRiskControl({ thresholds, losses, risk: 0.6 })).toEqual({
    threshold: 0.2,
    empirical: 5 / 9,
    bound: 0.6,
  });
  expect(conformalRiskControl({ thresholds, losses, risk: 0.59 })).toMatchObject({ threshold: 0.5, bound: 0.15 });
  expect(conformalRiskControl({ thresholds, losses, risk: 0.1 })).toMatchObject({
    threshold: 0.8,
    empirical: 0,
    bound: 0.1,
  });
  expect(conformalRiskControl({ thresholds, losses, risk: 0.09 })).toBeUndefined();
});

test("of losses of 0 and 1, is split conformal prediction: the ⌈(n + 1)(1 − α)⌉-th smallest score", () => {
  const random = seededRandom(8);
  const scores = Array.from({ length: 57 }, () => random());
  const thresholds = scores.toSorted((left, right) => left - right);
  for (const risk of [0.05, 0.1, 0.25]) {
    // Not covered if the score is above the threshold.
    const losses = scores.map((score) => thresholds.map((threshold) => (score > threshold ? 1 : 0)));
    const rank = Math.ceil(58 * (1 - risk));
    expect(conformalRiskControl({ thresholds, losses, risk })?.threshold).toBe(thresholds[rank - 1]);
  }
});

test("keeps the risk of the next item, and is not careful beyond need", () => {
  const random = seededRandom(10);
  const thresholds = Array.from({ length: 50 }, (_, step) => step / 50);
  // A loss that is lost for good once the threshold is above the item's own.
  const lossesOf = (): number[] => {
    const [own, size] = [random() ** 2, random()];
    return thresholds.map((threshold) => (threshold < own ? size : 0));
  };
  let risk = 0;
  for (let study = 0; study < 1000; study++) {
    const chosen = conformalRiskControl({ thresholds, losses: Array.from({ length: 60 }, lossesOf), risk: 0.1 });
    risk += lossesOf()[thresholds.indexOf(chosen!.threshold)]! / 1000;
  }
  expect(risk).toBeLessThan(0.1 + 3 * (0.25 / Math.sqrt(1000)));
  expect(risk).toBeGreaterThan(0.06);
});

test("takes losses of another scale", () => {
  const losses = [[8, 2], [4, 0], [0, 0]]; // prettier-ignore
  expect(conformalRiskControl({ thresholds: [1, 2], losses, risk: 3, most: 10 })).toMatchObject({
    threshold: 2,
    bound: 3,
  });
});

test("refuses what is no order of care", () => {
  const losses = [[0.2, 0.4]];
  expect(() => conformalRiskControl({ thresholds: [1, 2], losses, risk: 0.1 })).toThrow(
    "`losses[0]` grows with the threshold, from 0.2 to 0.4.",
  );
  expect(() => conformalRiskControl({ thresholds: [2, 2], losses: [], risk: 0.1 })).toThrow(
    "`thresholds` must go upwards.",
  );
});
