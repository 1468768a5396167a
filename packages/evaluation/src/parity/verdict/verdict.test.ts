// A part of what scripts/verdict.ts measures: verdicts of `compare` on studies drawn from real pairs of models.
import { sharedHas, sharedPath, skipCases } from "@plugboard/recordings";
import { seededRandom } from "@plugboard/statistics";
import { describe, expect, test } from "vitest";
import { evenly, gapDesigns, groupDesigns, scoreDesigns, severalDesigns } from "./designs.ts";
import type { Design } from "./designs.ts";
import { draw, movedTo } from "./population.ts";
import { realPairs } from "./real-pairs.ts";
import type { Outcome, RealPair } from "./real-pairs.ts";
import { tryOut } from "./trial.ts";

/** Without the shared data: pairs that are made up, of several tasks, and of models that are near each other. */
function inventedPairs(): RealPair[] {
  const random = seededRandom(4);
  return [-0.04, -0.02, 0, 0.02].map((difference) => {
    const outcomes = (rate: number): Outcome[] =>
      Array.from({ length: 800 }, () => ({
        score: random() < rate ? 1 : 0,
        costUSD: 0.001 * (0.5 + random()),
        latencyMs: Math.round(500 * Math.exp(random() + random())),
      }));
    return {
      name: `invented, ${difference}`,
      tasks: Array.from({ length: 800 }, (_, place) => `task ${place % 5}`),
      baseline: outcomes(0.9),
      candidate: outcomes(0.9 + difference),
      difference,
    };
  });
}

const shared = sharedHas("data");
if (!shared) skipCases(1, "real pairs of models", `${sharedPath("data")} is not there; invented ones stand for them`);
const pairs = shared ? realPairs("bfcl/data") : inventedPairs();

/** Of many studies at 5 %, what three standard errors more are. */
const mostOf = (studies: number): number => studies * 0.05 + 3 * Math.sqrt(studies * 0.05 * 0.95);

test("a population is moved to where it is said to be", () => {
  const population = movedTo(pairs[0]!, -0.03);
  expect(population.difference).toBeCloseTo(-0.03, 6);
  const drawn = draw(population, 20_000, seededRandom(1));
  const { baseline, candidate } = population.pair;
  const gain = drawn.reduce((sum, item) => sum + candidate[item]!.score - baseline[item]!.score, 0) / drawn.length;
  expect(Math.abs(gain + 0.03)).toBeLessThan((4 * population.deviation) / Math.sqrt(20_000));
});

describe("one gate, 200 items", () => {
  const designs = scoreDesigns("right or wrong", evenly(pairs, 40));
  const named = (part: string): Design => designs.find(({ name }) => name.endsWith(part))!;

  test("passes wrongly in at most 5 % of studies on the line", () => {
    const { pass, studies } = tryOut(named("moved to −3"), { items: 200, studies: 200 });
    expect(pass).toBeLessThanOrEqual(mostOf(studies));
  });

  test("passes rightly nearly as often as a test that knows the true spread", () => {
    const { pass, ideal, studies } = tryOut(designs.at(-1)!, { items: 200, studies: 120 });
    expect(ideal).toBeGreaterThan(studies / 4);
    expect(pass).toBeGreaterThan(ideal - 0.08 * studies);
  });
});

test.each<readonly [string, () => readonly Design[]]>([
  ["quality, cost and the median latency", () => severalDesigns(pairs, "p50")],
  ["answers that could not be judged", () => gapDesigns(pairs)],
  ["groups", () => groupDesigns(pairs)],
])("of %s, a gate that is missed passes seldom", (_, designs) => {
  const tooOften = designs().filter((design) => {
    const studies = design.slow ? 24 : 40;
    return design.missed && tryOut(design, { items: 100, studies }).pass > mostOf(studies);
  });
  expect(tooOften.map(({ name }) => name)).toEqual([]);
});
