import type { Measurement } from "@plugboard/core";
import { seededRandom } from "@plugboard/statistics";
import { describe, expect, test } from "vitest";
import { cascadePolicy } from "./cascade-policy.ts";
import { lengthPolicy, qualityPolicy, tablePolicy } from "./policy.ts";
import type { Policy } from "./policy.ts";
import { simulate } from "./simulate.ts";
import type { Simulation } from "./simulate.ts";
import { simulationPlot } from "./simulation-plot.ts";
import { simulationTable } from "./simulation-table.ts";

interface Made {
  readonly large?: number;
  readonly small?: number;
  readonly hard?: number;
  readonly seed?: number;
}

/** The large model costs ten times the small, which falls off on hard tasks. Wrong answers differ from one another. */
function outcomes(count: number, { large = 0.9, small = 0.9, hard = 0.3, seed = 1 }: Made = {}): Measurement[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, item) => {
    const task = item % 2 === 0 ? "easy" : "hard";
    return [
      { model: "large", chance: large, cost: 1000 },
      { model: "small", chance: task === "easy" ? small : hard, cost: 100 },
    ].map(({ model, chance, cost }): Measurement => {
      const isRight = random() < chance;
      return {
        item: `${item}`,
        model,
        prompt: `question ${item}`,
        segments: { task },
        scores: { right: isRight ? 1 : 0 },
        cost: { total: cost },
        output: isRight ? "answer: 42" : `answer: ${item}${model}, perhaps`,
      };
    });
  }).flat();
}

/** Knows what nobody can know. */
function clairvoyant(measurements: readonly Measurement[]): Policy {
  const scores = new Map(measurements.map(({ item, model, scores }) => [`${item} ${model}`, scores["right"]!]));
  return {
    name: "clairvoyant",
    learn: ({ models }) => ({
      expect: ({ item }) => ({
        quality: models.map((model) => scores.get(`${item} ${model}`)!),
        cost: models.map((model) => (model === "large" ? 1000 : 100)),
      }),
    }),
  };
}

function point({ points }: Simulation, target: number, kind: "confident" | "expected"): Simulation["points"][number] {
  return points.find((one) => one.target === target && one.kind === kind)!;
}

describe("a pair", () => {
  test("has an APGR of one half, if nothing tells requests apart", () => {
    const flat: Policy = {
      name: "flat",
      learn: () => ({ expect: () => ({ quality: [0.9, 0.5], cost: [1000, 100] }) }),
    };
    const { pair } = simulate(flat, outcomes(200));
    expect(pair!.apgr.estimate).toBeCloseTo(0.5, 10);
    expect(pair!.cpt50).toBeCloseTo(0.5, 10);
    expect(pair!.cpt80).toBeCloseTo(0.8, 10);
  });

  test("has the oracle's APGR, if all is known", () => {
    const given = outcomes(200);
    const { pair, oracle, curve } = simulate(clairvoyant(given), given);
    expect(pair!.apgr.estimate).toBeCloseTo(pair!.oracle, 1); // ranked fold by fold, so a little less
    expect(curve[0]!.quality).toBeCloseTo(oracle.quality, 10);
    expect(curve[0]!.cost).toBeCloseTo(oracle.cost, 6);
  });
});

describe("operating points", () => {
  test("save by sending the easy half to the small model, and keep the target", () => {
    const simulation = simulate(tablePolicy(), outcomes(1000), { targets: [0.95] });
    for (const kind of ["confident", "expected"] as const) {
      const { saving, margin, allToReference } = point(simulation, 0.95, kind);
      expect(saving).toBeGreaterThan(0.3);
      expect(margin.upper).toBeGreaterThan(0);
      expect(allToReference).toBe(false);
    }
  });

  test("keep a target that is met exactly by the reference alone, by asking it alone", () => {
    const { points } = simulate(tablePolicy(), outcomes(400, { small: 0.5 }), { targets: [1] });
    const [confident] = points;
    expect(confident).toMatchObject({ kind: "confident", allToReference: true, saving: 0 });
    expect(confident!.missing).toBe(Infinity);
    expect(confident!.margin.estimate).toBe(0);
  });

  test("take a swap for what it is, where the small model is as good", () => {
    const given = outcomes(1500, { large: 0.8, small: 0.95, hard: 0.95 });
    const simulation = simulate(qualityPolicy(), given, { targets: [0.95], reference: "large" });
    expect(simulation.plain[0]).toMatchObject({ swapTo: "small", swap: expect.closeTo(0.9, 6) });
    expect(point(simulation, 0.95, "confident").saving).toBeCloseTo(0.9, 6);
  });

  test("keep the confident target on new items nearly always", () => {
    const kept = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => {
      const learned = simulate(tablePolicy(), outcomes(300, { seed, hard: 0.8 }), { targets: [0.95], seed });
      return point(learned, 0.95, "confident").margin.estimate >= 0;
    });
    expect(kept.filter(Boolean).length).toBeGreaterThanOrEqual(7);
  });
});

test("falls back to no worse than chance where nothing can be told", () => {
  const given = outcomes(600, { small: 0.6, hard: 0.6 });
  const { pair } = simulate(qualityPolicy(), given);
  expect(pair!.apgr.upper).toBeGreaterThan(0.5);
});

test("a cascade keeps the quality of the large model with fewer of its calls, where answers tell", () => {
  const given = outcomes(600, { hard: 0.4, small: 0.6 });
  const target = 0.98;
  const [with_, without] = [cascadePolicy(), qualityPolicy()].map((policy) =>
    point(simulate(policy, given, { targets: [target] }), target, "expected"),
  );
  // Every wrong answer hedges.
  expect(with_!.saving).toBeGreaterThan(without!.saving + 0.2);
  expect(with_!.margin.upper).toBeGreaterThan(0);
});

test("a policy whose look at answers misleads it is run without", () => {
  const given = outcomes(600);
  const misled: Policy = {
    name: "misled",
    learn: (training) => {
      const learned = tablePolicy().learn(training);
      // It believes that every answer is worthless, and asks both for all.
      return {
        ...learned,
        look: (_, asked) => ({
          quality: [0.1, 0.1],
          turns: [0, 1].map((model) => (asked.includes(model) ? [] : [[1, 1]])),
        }),
      };
    },
  };
  const targets = { targets: [0.95] };
  const [saved, plain] = [misled, tablePolicy()].map(
    (policy) => point(simulate(policy, given, targets), 0.95, "expected").saving,
  );
  expect(saved).toBeCloseTo(plain!, 1);
  expect(saved).toBeGreaterThan(0.2);
});

test("sends longer prompts to the better model, by the simplest rule", () => {
  const given = outcomes(100).map((each) => Object.assign({}, each, { prompt: "x".repeat(Number(each.item)) }));
  const { curve } = simulate(lengthPolicy(), given);
  expect(curve[0]!.shares["large"]).toBeGreaterThan(0.9);
  expect(curve.at(-1)!.shares["large"]).toBe(0);
});

test("learns from no more items than it is told to", () => {
  const sizes: number[] = [];
  const counting: Policy = {
    name: "counting",
    learn: (training) => {
      sizes.push(training.items.length);
      return { expect: () => ({ quality: [1, 0], cost: [1000, 100] }) };
    },
  };
  simulate(counting, outcomes(100), { folds: 4, learnFrom: 30 });
  expect(sizes).toEqual([30, 30, 30, 30]);
});

test("leaves out what not every model did, and says so", () => {
  const given = outcomes(100).filter(({ item, model }) => item !== "7" || model === "large");
  const simulation = simulate(tablePolicy(), given);
  expect(simulation).toMatchObject({ items: 99, leftOut: 1 });
  expect(simulationTable(simulation)).toContain("1 were left out");
});

test("prints both points of each target beside the swap, and draws the curve", () => {
  const simulation = simulate(tablePolicy(), outcomes(200));
  const text = simulationTable(simulation);
  expect(text.match(/\| confident \|/g)).toHaveLength(3);
  expect(text.match(/\| expected \|/g)).toHaveLength(3);
  expect(text).toMatch(/APGR 0\.\d{3} \(.*CPT\(50 %\).*CPT\(80 %\)/);
  const drawing = simulationPlot([simulation], "large & small");
  expect(drawing).toContain("large &amp; small");
  expect(drawing).not.toMatch(/NaN|Infinity|undefined/);
});

describe("refuses", () => {
  test("a handful of items", () => {
    expect(() => simulate(tablePolicy(), outcomes(10))).toThrow(/20 items or more/);
  });

  test("outcomes without cost", () => {
    const free = outcomes(50).map(({ cost: _, ...each }) => each);
    expect(() => simulate(tablePolicy(), free)).toThrow(/at a known cost; there are 0/);
  });

  test("a reference that is not there", () => {
    expect(() => simulate(tablePolicy(), outcomes(50), { reference: "absent" })).toThrow(/one of large, small/);
  });
});
