import { describe, expect, test } from "vitest";
import { coverageOf, designs } from "./coverage.ts";
import { seededRandom } from "./random.ts";

test("tells where the truth was", () => {
  // The estimate is even from 0 to 1, the truth 0.5: above its interval of ±0.3 in a fifth of studies, below in a fifth.
  const study = (random: () => number): { estimate: number; lower: number; upper: number; confidence: number } => {
    const estimate = random();
    return { estimate, lower: estimate - 0.3, upper: estimate + 0.3, confidence: 0.6 };
  };
  const { held, tooHigh, tooLow } = coverageOf({ name: "even", truth: 0.5, study }, 20_000);
  expect(held).toBeCloseTo(0.6, 1);
  expect(tooHigh).toBeCloseTo(0.2, 1);
  expect(tooLow).toBeCloseTo(0.2, 1);
});

// scripts/coverage.ts does the same with many more studies, and says what it found; here each design has as many as take a fraction of a second.
describe("intervals at 95 % hold the truth in about 95 of 100 studies:", () => {
  /** What falls short, as its documentation says, and how far it does. */
  const short: Readonly<Record<string, number>> = {
    // Resampling knows nothing of values that were not drawn.
    "mean of 40 skewed values, BCa": 0.91,
    "ratio of medians of 60 latencies, BCa": 0.92,
    // The spread that was seen is not the one to expect; with bounds it is.
    "accuracy 0.97, 40 clusters of 1 to 12, without bounds": 0.6,
  };

  test.each(designs.map((design) => [design.name, design] as const))("%s", (name, design) => {
    const studies = Math.ceil(300 / (design.cost ?? 1));
    const { held } = coverageOf(design, studies);
    const doubt = 3 * Math.sqrt((0.95 * 0.05) / studies);
    expect(held).toBeGreaterThan((short[name] ?? 0.94) - doubt);
    // Whole clusters that may yet all be wrong, though none was seen, widen the interval of a rate near 1.
    expect(held).toBeLessThan(0.965 + doubt);
  });
});

test("a study is the same for the same seed, so that a failure can be looked into", () => {
  for (const { study } of designs) expect(study(seededRandom(3))).toEqual(study(seededRandom(3)));
});
