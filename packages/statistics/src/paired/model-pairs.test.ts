import { sharedHas, sharedPath, skipCases } from "@plugboard/recordings";
import { expect, test } from "vitest";
import { modelPairs, outcomeFiles } from "./model-pairs.ts";

if (sharedHas("data")) {
  test("makes every ordered pair of models, each seen from both sides", () => {
    const pairs = modelPairs(outcomeFiles[0]!);
    const models = new Set(pairs.map(({ name }) => name.split(" → ")[0]));
    expect(pairs).toHaveLength(models.size * (models.size - 1));
    for (const { baseline, candidate, baselineRate, candidateRate, difference } of pairs) {
      expect(candidate).toHaveLength(baseline.length);
      expect(new Set([...baseline, ...candidate, 0, 1])).toEqual(new Set([0, 1]));
      const sum = candidate.reduce((sum, score, place) => sum + score - baseline[place]!, 0);
      expect(difference).toBeCloseTo(sum / baseline.length, 12);
      expect(candidateRate - baselineRate).toBeCloseTo(difference, 12);
    }
  });
} else skipCases(1, "test of recorded outcomes", `${sharedPath("data")} is not there`);
