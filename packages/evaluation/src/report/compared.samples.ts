import type { Measurement } from "@plugboard/core";
import { seededRandom } from "@plugboard/statistics";
import { compare } from "../parity/compare.ts";
import type { CompareOptions } from "../parity/compare.ts";
import type { Comparison } from "../parity/comparison.ts";

/** Measurements of three models on 300 items of three tasks and two languages; the candidate is cheaper, faster, and bad at German. */
export function sampleMeasurements(): readonly Measurement[] {
  const random = seededRandom(17);
  const tasks = ["summary", "extraction", "chat"];
  const models = [
    { model: "openai/gpt-4o", right: 0.86, price: 2_400_000, pace: 900 },
    { model: "openai/gpt-4o-mini", right: 0.85, price: 160_000, pace: 520 },
    { model: "anthropic/claude-haiku-4-5", right: 0.88, price: 700_000, pace: 640 },
  ];
  return Array.from({ length: 300 }, (_, place) => {
    const [hardness, language] = [random(), place % 5 === 0 ? "de" : "en"];
    return models.map(({ model, right, price, pace }): Measurement => {
      const isWeak = model === "openai/gpt-4o-mini" && language === "de";
      const isRight = hardness * 0.7 + random() * 0.3 < (isWeak ? right - 0.35 : right);
      const figure = Math.exp(random() + random() - 1);
      const line = {
        item: `question-${place + 1}`,
        model,
        prompt: `Question ${place + 1}: in which year did the ${tasks[place % 3]} begin?`,
        segments: { task: tasks[place % 3]!, language },
      };
      if (model === "openai/gpt-4o" && place === 7)
        return Object.assign(line, {
          scores: {},
          error: { code: "timeout" as const, message: "The first content did not come in time." },
        });
      return Object.assign(line, {
        scores: {
          exact: isRight ? 1 : 0,
          rubric: Math.round(10 * (isRight ? 0.7 + 0.3 * random() : 0.4 * random())) / 10,
        },
        output: `It began in ${isRight ? 1871 : 1900 + (place % 90)}, as the records of that time say.`,
        cost: { total: Math.round(price * figure) },
        latency: Math.round(pace * figure),
        firstContent: Math.round(0.3 * pace * figure),
      });
    });
  }).flat();
}

/** What they come to. */
export function sampleComparison(
  measurements: Iterable<Measurement> = sampleMeasurements(),
  options: Partial<CompareOptions> = {},
): Comparison {
  return compare(measurements, {
    baseline: "openai/gpt-4o",
    candidate: "openai/gpt-4o-mini",
    gates: {
      quality: { score: "exact", margin: 0.1 },
      rubric: { score: "rubric", margin: 0.02 },
      latency: { measure: "latency", statistic: "p95", margin: "10%" },
      "first content": { measure: "firstContent", margin: "0%" },
      cost: { measure: "cost", margin: "0%" },
      length: { measure: "length", better: "same", margin: "20%" },
    },
    ...options,
  });
}
