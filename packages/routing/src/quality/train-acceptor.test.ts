import type { Measurement } from "@plugboard/core";
import { seededRandom } from "@plugboard/statistics";
import { describe, expect, test } from "vitest";
import { trainAcceptor, trainedAcceptor } from "./train-acceptor.ts";
import { trainQuality } from "./train-quality.ts";

/** A model that mostly hedges where it is wrong. */
function measurements(count: number, seed = 1): Measurement[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, item) => {
    const isRight = random() < 0.7;
    const hedges = random() < (isRight ? 0.1 : 0.8);
    return {
      item: `${item}`,
      model: "small",
      prompt: `question ${1000 + item}`,
      scores: { right: isRight ? 1 : 0 },
      output: hedges ? "Perhaps it is 12, I am not sure." : "It is 12, by the rule of three.",
    };
  });
}

/** What is lost by those that are accepted. */
function lossOf(acceptor: Awaited<ReturnType<typeof trainAcceptor>>, fresh: readonly Measurement[]): number {
  const lost = fresh.filter(({ output, prompt }) => acceptor.score(prompt!, output!) >= acceptor.threshold);
  return lost.reduce((sum, { scores }) => sum + 1 - scores["right"]!, 0) / fresh.length;
}

test("trusts an answer that does not hedge, and not one that does", async () => {
  const acceptor = await trainAcceptor(measurements(800), { model: "small", risk: 0.1 });
  expect(acceptor.score("question 1007", "It is 12, by the rule of three.")).toBeGreaterThan(acceptor.threshold);
  expect(acceptor.score("question 1007", "Perhaps it is 12, I am not sure.")).toBeLessThan(acceptor.threshold);
  expect(acceptor.seen.accepted).toBeGreaterThan(0.5);
  expect(acceptor.seen.bound).toBeLessThanOrEqual(0.1);
});

test.each([
  ["confident", 1],
  ["expected", 8],
] as const)("keeps the %s risk on new answers", async (kind, mostAbove) => {
  const losses = await Promise.all(
    [1, 2, 3, 4, 5, 6, 7, 8].map(async (seed) =>
      lossOf(await trainAcceptor(measurements(400, seed), { model: "small", risk: 0.1, kind }), measurements(2000, 99)),
    ),
  );
  expect(losses.reduce((sum, loss) => sum + loss, 0) / losses.length).toBeLessThanOrEqual(0.1);
  expect(losses.filter((loss) => loss > 0.1).length).toBeLessThanOrEqual(mostAbove);
});

test("accepts nothing, where nothing is safe enough", async () => {
  const wrong = measurements(200).map((each): Measurement => Object.assign({}, each, { scores: { right: 0 } }));
  const acceptor = await trainAcceptor(wrong, { model: "small", risk: 0.01 });
  expect(acceptor.threshold).toBeGreaterThan(1);
  expect(acceptor.seen).toMatchObject({ accepted: 0, loss: 0 });
});

test("is the same after it was saved and read again, with the quality model it was trained with", async () => {
  const given = measurements(300);
  const quality = await trainQuality(given);
  const acceptor = await trainAcceptor(given, { model: "small", risk: 0.1, quality });
  const again = trainedAcceptor(JSON.parse(JSON.stringify(acceptor)), quality);
  expect(again.score("question", "It is 12.")).toBe(acceptor.score("question", "It is 12."));
  expect(again.threshold).toBe(acceptor.threshold);
  expect(() => trainedAcceptor(JSON.parse(JSON.stringify(acceptor)))).toThrow(/trained with a quality model/);
});

describe("refuses", () => {
  test("a risk that is none", async () => {
    await expect(trainAcceptor(measurements(100), { model: "small", risk: 0 })).rejects.toThrow(/between 0 and 1/);
  });

  test("a model without answers", async () => {
    await expect(trainAcceptor(measurements(100), { model: "large", risk: 0.1 })).rejects.toThrow(
      /of large; there are 0/,
    );
  });

  test("what is no acceptor", () => {
    expect(() => trainedAcceptor({})).toThrow(/something else/);
  });
});
