import type { Measurement } from "@plugboard/core";
import { seededRandom } from "@plugboard/statistics";
import { expect, test } from "vitest";
import { trainAcceptor } from "./train-acceptor.ts";

const [draws, items, fresh] = [60, 160, 400] as const;

/** How it looks, and how often a model is right that answers so: from sure to evasive. */
const looks = [
  { text: "It is 12, by the rule of three.", share: 0.4, right: 0.97 },
  { text: "It is 12.", share: 0.3, right: 0.85 },
  { text: "Perhaps it is 12, I am not sure.", share: 0.2, right: 0.5 },
  { text: "I cannot tell.", share: 0.1, right: 0.05 },
] as const;

function drawn(count: number, seed: number, isFlat: boolean): Measurement[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, item) => {
    let left = random();
    const look = looks.find(({ share }) => (left -= share) < 0) ?? looks[0];
    // Where looks tell nothing, all that helps is to accept fewer.
    const right = isFlat ? 0.8 : look.right;
    const scores = { right: random() < right ? 1 : 0 };
    return { item: `${item}`, model: "small", prompt: `question ${item % 10}`, scores, output: look.text };
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
  { risk: 0.03, isFlat: false, least: 0.2 },
  { risk: 0.1, isFlat: false, least: 0.6 },
  { risk: 0.1, isFlat: true, least: 0.05 },
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
