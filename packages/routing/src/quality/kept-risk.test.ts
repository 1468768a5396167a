import type { Measurement } from "@plugboard/core";
import { seededRandom } from "@plugboard/statistics";
import { expect, test } from "vitest";
import { trainAcceptor } from "./train-acceptor.ts";

const [draws, items, fresh] = [60, 160, 400] as const;

/** A model that is the less often right, the longer its answer is. Where looks tell nothing, all that helps is to accept fewer. */
function drawn(count: number, seed: number, isFlat: boolean): Measurement[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, item) => {
    const length = random();
    const scores = { right: random() < (isFlat ? 0.8 : 0.98 - 0.7 * length) ? 1 : 0 };
    const output = `It is 12${" by and by".repeat(Math.ceil(length * 60))}.`;
    return { item: `${item}`, model: "small", prompt: "question 7", scores, output };
  });
}

/** What is lost of the score of new items by the thresholds of many trainings, on average, and its standard error. */
async function lossesAt(risk: number, isFlat: boolean): Promise<{ mean: number; error: number; accepted: number }> {
  const losses: number[] = [];
  let accepted = 0;
  for (let draw = 0; draw < draws; draw++) {
    const acceptor = await trainAcceptor(drawn(items, 2 * draw + 1, isFlat), {
      model: "small",
      risk,
      kind: "expected",
    });
    let loss = 0;
    for (const { prompt, output, scores } of drawn(fresh, 2 * draw + 2, isFlat)) {
      if (acceptor.score(prompt!, output!) < acceptor.threshold) continue;
      loss += (1 - scores["right"]!) / fresh;
      accepted += 1 / fresh / draws;
    }
    losses.push(loss);
  }
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / draws;
  const variance = losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / (draws - 1);
  return { mean, error: Math.sqrt(variance / draws), accepted };
}

test.each([
  { risk: 0.05, isFlat: false, least: 0.2 },
  { risk: 0.1, isFlat: false, least: 0.3 },
  { risk: 0.1, isFlat: true, least: 0.2 },
])(
  "keeps an expected risk of $risk on new items, on average over draws (looks tell nothing: $isFlat)",
  async (given) => {
    const { mean, error, accepted } = await lossesAt(given.risk, given.isFlat);
    // The guarantee is of the mean, so the mean of so many draws may lie above it by its own error only.
    expect(mean).toBeLessThanOrEqual(given.risk + 2 * error);
    expect(error).toBeLessThan(given.risk / 5);
    // Nothing is lost by accepting nothing, so that it is kept must not be for that.
    expect(accepted).toBeGreaterThan(given.least);
  },
);
