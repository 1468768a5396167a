import { sharedHas, sharedPath, skipCases } from "@plugboard/recordings";
import { expect, test } from "vitest";
import { modelPairs, outcomeFiles } from "./model-pairs.ts";

const files = sharedHas("data") ? outcomeFiles.slice(0, 1) : [];
if (files.length === 0) skipCases(1, "test of recorded outcomes", `${sharedPath("data")} is not there`);

test.each(files)("%s: makes every ordered pair of models, with how often each alone is right", (file) => {
  const pairs = modelPairs(file);
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
