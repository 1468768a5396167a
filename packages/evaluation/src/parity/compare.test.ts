import type { Measurement } from "@plugboard/core";
import { mcnemar, seededRandom } from "@plugboard/statistics";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compare } from "./compare.ts";
import type { CompareOptions } from "./compare.ts";
import type { Comparison } from "./comparison.ts";
import type { Gate } from "./gate.ts";
import { measured, ones } from "./measured.samples.ts";

const quality = { quality: { score: "exact", margin: 0.03 } } as const;

function compared(measurements: Iterable<Measurement>, options: Partial<CompareOptions> = {}): Comparison {
  return compare(measurements, { baseline: "a", candidate: "b", gates: quality, ...options });
}

describe("the verdict", () => {
  test("passes equals once there are enough of them, and says before how many are missing", () => {
    const equal = (items: number): Measurement[] => [...measured("a", ones(items)), ...measured("b", ones(items))];
    expect(compared(equal(400))).toMatchObject({ verdict: "pass", missing: 0, reasons: [] });
    const few = compared(equal(30));
    expect(few).toMatchObject({ verdict: "undecided", items: 30 });
    expect(few.missing).toBeGreaterThan(20);
    expect(few.reasons).toEqual([`Gate quality is undecided. About ${few.missing} more items would likely decide.`]);
  });

  test("fails what is shown to be worse by more than the margin, and names the gate", () => {
    const worse = compared([...measured("a", ones(200)), ...measured("b", ones(160, 40))]);
    expect(worse).toMatchObject({ verdict: "fail", reasons: ["Gate quality is missed."], missing: 0 });
    expect(worse.gates[0]?.difference).toMatchObject({ estimate: -0.2, confidence: expect.closeTo(0.9) as number });
    expect(worse.gates[0]?.tally).toEqual({ better: 0, same: 160, worse: 40 });
  });

  test("with a margin of 0 fails where McNemar's test says that models differ", () => {
    // 3 items that only the candidate has, 15 that only the baseline has: by itself, p = 0.0075 / 2.
    const [before, after] = [
      [...ones(47), ...ones(0, 3)],
      [...ones(32), ...ones(0, 15), ...ones(3)],
    ];
    expect(mcnemar({ onlyBaseline: 15, onlyCandidate: 3 })).toBeLessThan(0.01);
    const both = [...measured("a", before), ...measured("b", after)];
    expect(compared(both, { gates: { quality: { score: "exact", margin: 0 } } }).verdict).toBe("fail");
  });

  test("is the same in whatever order lines come, and does not change them", () => {
    const lines = [...measured("a", ones(50, 10)), ...measured("b", ones(40, 20))].map((line) => Object.freeze(line));
    fc.assert(
      fc.property(fc.shuffledSubarray(lines, { minLength: lines.length }), (shuffled) => {
        const { coverage: _, ...result } = compared(shuffled);
        const { coverage: __, ...expected } = compared(lines);
        expect({ ...result, regressions: result.regressions.length }).toEqual({
          ...expected,
          regressions: expected.regressions.length,
        });
      }),
      { numRuns: 10 },
    );
  });

  test("survives JSON", () => {
    const result = compared([...measured("a", ones(60)), ...measured("b", ones(50, 10))]);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });
});

describe("what is paired", () => {
  test("names items that one model alone was asked, and passes nothing that lacks too many", () => {
    const lines = [...measured("a", ones(440)), ...measured("b", ones(400))];
    const result = compared(lines);
    expect(result.coverage.onlyBaseline).toMatchObject({
      count: 40,
      first: expect.arrayContaining(["item 400"]) as [],
    });
    expect(result).toMatchObject({ verdict: "undecided", missing: 40 });
    expect(result.reasons).toEqual(["40 of 440 items have answers of one model alone."]);
    expect(compared(lines, { tolerance: 0.1 }).verdict).toBe("pass");
    // 2 % is the line: 8 of 408 are below it, 9 of 409 above.
    const without = (items: number): Measurement[] => [
      ...measured("a", ones(400 + items)),
      ...measured("b", ones(400)),
    ];
    expect([8, 9].map((items) => compared(without(items)).verdict)).toEqual(["pass", "undecided"]);
  });

  test("counts an answer that is missing for an error as the worst, on both sides, and for either direction", () => {
    const error = { code: "timeout", message: "too late" } as const;
    const failing = measured("b", ones(200), (place) => (place < 30 ? { error, scores: {} } : {}));
    const result = compared([...measured("a", ones(200)), ...failing]);
    expect(result.gates[0]).toMatchObject({ verdict: "fail", items: 200, difference: { estimate: -0.15 } });
    expect(result.models[1]?.errors).toEqual({ timeout: 30 });
    const refusals = { refusals: { score: "exact", better: "lower", margin: 0.03 } } as const;
    const lower = compared([...measured("a", ones(0, 200)), ...failing], { gates: refusals });
    expect(lower.gates[0]?.figures?.candidate.estimate).toBe(1);
  });

  test("counts as failed, too, what nobody answered, if the score is about every other item", () => {
    const error = { code: "server", message: "no" } as const;
    const failing = (model: string): Measurement[] =>
      measured(model, ones(10), (place) => (place === 9 ? { error, scores: {} } : {}));
    expect(compared([...failing("a"), ...failing("b")]).gates[0]).toMatchObject({
      items: 10,
      figures: { baseline: { estimate: 0.9 } },
    });
  });

  test("leaves out items that a score is not about, and is in doubt where only one side could be judged", () => {
    const onlyOn = (model: string, skipped: (place: number) => boolean): Measurement[] =>
      measured(model, ones(400), (place) => (skipped(place) ? { scores: {} } : {}));
    const about = compared([...onlyOn("a", (place) => place >= 350), ...onlyOn("b", (place) => place >= 350)]);
    expect(about).toMatchObject({ verdict: "pass", gates: [{ items: 350, unjudged: { candidate: { count: 0 } } }] });
    const doubtful = compared([...onlyOn("a", () => false), ...onlyOn("b", (place) => place < 20)]);
    expect(doubtful).toMatchObject({
      verdict: "undecided",
      gates: [{ items: 380, missing: 20, unjudged: { candidate: { count: 20 }, baseline: { count: 0 } } }],
    });
    expect(doubtful.reasons[0]).toContain("20 items have a figure of one model alone");
  });

  test("averages repeats, so that an item asked ten times weighs no more than one asked once", () => {
    const repeated = (model: string, scores: readonly number[]): Measurement[] =>
      scores.map((score, repeat) => ({ item: "item 0", model, repeat, scores: { exact: score } }));
    const rest = (model: string): Measurement[] => measured(model, ones(10)).slice(1);
    const lines = [...repeated("a", [1]), ...rest("a"), ...repeated("b", [1, 0, 0, 0, 0]), ...rest("b")];
    const { gates, coverage } = compared(lines);
    expect(gates[0]).toMatchObject({ items: 10, difference: { estimate: expect.closeTo(-0.08, 10) as number } });
    expect(coverage.repeats).toBe(5);
  });

  test("takes the last of several lines of the same item and repeat, and counts the others", () => {
    const error = { code: "overloaded", message: "later" } as const;
    const first = measured("b", ones(50), () => ({ error, scores: {} }));
    const result = compared([...measured("a", ones(50)), ...first, ...measured("b", ones(50))]);
    expect(result.gates[0]?.difference?.estimate).toBe(0);
    expect(result.coverage.superseded).toBe(50);
  });

  test("is less sure of the same scores when items come in clusters", () => {
    const clustered = (size: number): Measurement[] => {
      const cluster = (place: number): Partial<Measurement> => ({ cluster: `document ${Math.floor(place / size)}` });
      const fall = Array.from({ length: 200 }, (_, place) => (place % 40 < 4 ? 0 : 1));
      return [...measured("a", ones(200), cluster), ...measured("b", fall, cluster)];
    };
    const width = ({ gates }: Comparison): number => gates[0]!.difference!.upper - gates[0]!.difference!.lower;
    expect(width(compared(clustered(4)))).toBeGreaterThan(1.5 * width(compared(clustered(1))));
    expect(compared(clustered(200)).gates[0]).toMatchObject({
      verdict: "undecided",
      reason: "All items are of one cluster, so nothing says how others would be.",
    });
  });
});

describe("several gates", () => {
  test("need all to pass, each without correction; and one to fail, with correction for their number", () => {
    // 14 of 100 worse, with a margin of 8 points: p is about 0.03.
    const lines = [...measured("a", ones(100)), ...measured("b", ones(86, 14))];
    const gate = { score: "exact", margin: 0.08 } as const;
    expect(compared(lines, { gates: { only: gate } }).verdict).toBe("fail");
    const both = compared(lines, { gates: { first: gate, second: { measure: "errors", margin: 0.05 } } });
    expect(both.gates.map(({ verdict }) => verdict)).toEqual(["undecided", "pass"]);
    expect(both.gates[0]).not.toHaveProperty("missing");
    expect(both.reasons).toEqual([
      "Gate first is undecided. It would fail by itself, but not after correction for 2 gates.",
    ]);
  });

  test("falsely fail together in at most 5 % of studies, though all stand at their margin", () => {
    const random = seededRandom(3);
    const names = ["one", "two", "three", "four", "five", "six"];
    const gates = Object.fromEntries(names.map((name) => [name, { score: name, margin: 0.1 }] as const));
    const draw = (model: string, chance: number): Measurement[] =>
      Array.from({ length: 100 }, (_, place) => ({
        item: `${place}`,
        model,
        scores: Object.fromEntries(names.map((name) => [name, random() < chance ? 1 : 0])),
      }));
    let failed = 0;
    for (let study = 0; study < 100; study++)
      if (compared([...draw("a", 0.9), ...draw("b", 0.8)], { gates }).verdict === "fail") failed += 1;
    expect(failed).toBeLessThan(12); // 5 are expected at most, with a standard deviation of 2; without correction it would be 26
  }, 60_000);
});

describe("gates of measures", () => {
  const spread = (model: string, factor: number, items = 200): Measurement[] => {
    const random = seededRandom(11);
    return measured(model, ones(items), () => {
      const figure = Math.exp(random() + random());
      const total = Math.round(1_000_000 * factor * figure);
      return { latency: 500 * factor * figure, firstContent: 100 * factor, cost: { total }, output: "x".repeat(20) };
    });
  };

  test("take a margin as a share of the baseline's figure, or in its unit", () => {
    const lines = [...spread("a", 1), ...spread("b", 1.05)];
    const { gates } = compared(lines, {
      gates: {
        dearer: { measure: "cost", margin: "10%" },
        tooDear: { measure: "cost", margin: "2%" },
        p50: { measure: "latency", margin: "10%" },
        p95: { measure: "latency", statistic: "p95", margin: "10%" },
        tooLate: { measure: "latency", statistic: "p95", margin: "2%" },
        first: { measure: "firstContent", statistic: "mean", margin: 6 },
        late: { measure: "firstContent", statistic: "mean", margin: 4 },
        length: { measure: "length", better: "same", margin: "5%" },
      },
    });
    expect(Object.fromEntries(gates.map(({ name, verdict }) => [name, verdict]))).toEqual({
      dearer: "pass",
      tooDear: "fail",
      p50: "pass",
      p95: "pass",
      tooLate: "fail",
      first: "pass",
      late: "fail",
      length: "pass",
    });
    // Each item is dearer by exactly 5 %, so the ratio is known exactly.
    expect(gates[0]?.difference?.lower).toBeCloseTo(0.05, 4);
    expect(gates[3]?.difference?.upper).toBeCloseTo(0.05, 4);
  });

  test("say what is missing: figures, or items", () => {
    const bare = [...measured("a", ones(60)), ...measured("b", ones(60))];
    const { gates } = compared(bare, { gates: { latency: { measure: "latency", margin: "10%" } } });
    expect(gates[0]).toMatchObject({
      verdict: "undecided",
      items: 0,
      reason: "No item has this figure of both models.",
    });
    const few = compared([...spread("a", 1, 40), ...spread("b", 1, 40)], {
      gates: { p95: { measure: "latency", statistic: "p95", margin: "10%" } },
    });
    expect(few).toMatchObject({ verdict: "undecided", missing: 60 });
  });

  test("do not take failed calls for fast ones, but count what they cost", () => {
    const error = { code: "timeout", message: "too late" } as const;
    const failing = spread("b", 1).map((line, place) =>
      place < 100 ? Object.assign(line, { error, latency: 1 }) : line,
    );
    const { gates } = compared([...spread("a", 1), ...failing], {
      gates: { latency: { measure: "latency", margin: "10%" }, cost: { measure: "cost", margin: "10%" } },
    });
    expect(gates.map(({ items }) => items)).toEqual([100, 200]);
    expect(gates[0]?.difference?.estimate).toBe(0);
  });

  test("count refusals that the provider tells", () => {
    const refusing = measured("b", ones(100), (place) => ({ finishReason: place < 12 ? "refusal" : "stop" }));
    const { gates } = compared([...measured("a", ones(100), () => ({ finishReason: "stop" })), ...refusing], {
      gates: { refusals: { measure: "refusals", margin: 0.02 } },
    });
    expect(gates[0]).toMatchObject({ verdict: "fail", difference: { estimate: 0.12 } });
  });
});

describe("groups", () => {
  const grouped = (worse: number): Measurement[] => {
    const segment = (place: number): Partial<Measurement> => ({
      segments: { language: place < 60 ? "de" : "en", size: place % 2 ? "small" : "large" },
    });
    // The candidate gains as much in English as it loses in German.
    const before = Array.from({ length: 600 }, (_, place) => (place >= 60 && place < 60 + worse ? 0 : 1));
    const after = Array.from({ length: 600 }, (_, place) => (place < worse ? 0 : 1));
    return [...measured("a", before, segment), ...measured("b", after, segment)];
  };

  test("are named where they fail, though the average passes", () => {
    const result = compared(grouped(20));
    expect(result.gates[0]).toMatchObject({ verdict: "pass", difference: { estimate: 0 } });
    expect(result).toMatchObject({ verdict: "fail", reasons: ["Gate quality is missed where language is de."] });
    expect(result.groups.map(({ segment, group, verdict }) => `${segment} ${group}: ${verdict}`)).toContain(
      "language de: fail",
    );
  });

  test("do not fail by chance: each of many may look bad at 5 %", () => {
    const random = seededRandom(5);
    const segments = (place: number): Partial<Measurement> => ({ segments: { topic: `topic ${place % 20}` } });
    let failed = 0;
    for (let study = 0; study < 40; study++) {
      const draw = (): readonly number[] => Array.from({ length: 400 }, () => (random() < 0.8 ? 1 : 0));
      const result = compared([...measured("a", draw(), segments), ...measured("b", draw(), segments)], {
        gates: { quality: { score: "exact", margin: 0 } },
      });
      if (result.groups.some(({ verdict }) => verdict === "fail")) failed += 1;
    }
    expect(failed).toBeLessThan(8); // 2 at most are expected, with a standard deviation of 1.4; without correction it would be 25
  }, 60_000);

  test("can be all that a gate is about", () => {
    const german = compared(grouped(20), {
      gates: { german: { score: "exact", margin: 0.03, where: { language: "de" } } },
    });
    expect(german.gates[0]).toMatchObject({ items: 60, verdict: "fail" });
  });

  test("of a segment with too many groups are left out by name, unless asked for", () => {
    const user = (place: number): Partial<Measurement> => ({ segments: { user: `user ${Math.floor(place / 4)}` } });
    const lines = [...measured("a", ones(400), user), ...measured("b", ones(400), user)];
    expect(compared(lines)).toMatchObject({ groups: [], coverage: { untestedSegments: ["user"] } });
    expect(compared(lines, { segments: ["user"] }).groups).toHaveLength(100);
  });
});

describe("regressions", () => {
  test("are the items that fell most, with what both models said", () => {
    const words = (model: string) => (place: number) => ({
      prompt: `Question ${place}`,
      output: `${model} says ${place}`,
    });
    const before = measured("a", [1, 1, 0.5, 0], words("a"));
    const after = measured("b", [1, 0, 0.25, 1], words("b"));
    const { regressions, regressed } = compared([...before, ...after], { regressions: 1 });
    expect(regressed).toBe(2);
    expect(regressions).toEqual([
      {
        item: "item 1",
        prompt: "Question 1",
        segments: {},
        drops: [{ gate: "quality", baseline: 1, candidate: 0 }],
        baseline: { output: "a says 1" },
        candidate: { output: "b says 1" },
      },
    ]);
  });

  test("show the repeat that fell, and why there is no answer", () => {
    const repeat = (model: string, repeat: number, rest: Partial<Measurement>): Measurement => ({
      item: "x",
      model,
      repeat,
      scores: { exact: 1 },
      output: `${model} ${repeat}`,
      ...rest,
    });
    const error = { code: "content-filter", message: "not this" } as const;
    const lines = [
      repeat("a", 0, { scores: { exact: 0 } }),
      repeat("a", 1, {}),
      repeat("b", 0, { scores: { exact: 0.5 } }),
      { item: "x", model: "b", repeat: 1, scores: {}, error },
      ...measured("a", ones(3)),
      ...measured("b", ones(3)),
    ];
    expect(compared(lines).regressions[0]).toMatchObject({
      drops: [{ baseline: 0.5, candidate: 0.25 }],
      baseline: { output: "a 1" },
      candidate: { error },
    });
  });
});

test("sums up every model there is, and says which none beats at both quality and cost", () => {
  const priced = (model: string, right: number, total: number): Measurement[] =>
    measured(model, ones(right, 40 - right), () => ({ cost: { total } }));
  const lines = [...priced("a", 36, 900), ...priced("b", 30, 100), ...priced("c", 20, 500), ...priced("d", 36, 800)];
  const { models } = compared(lines);
  expect(models.map(({ model, isOnFront }) => [model, isOnFront])).toEqual([
    ["a", false],
    ["b", true],
    ["c", false],
    ["d", true],
  ]);
  expect(models[0]?.quality).toMatchObject({ estimate: 0.9, confidence: expect.closeTo(0.9) as number });
});

describe("what cannot be compared", () => {
  const lines = [...measured("a", ones(4)), ...measured("b", ones(4))];
  test.each<[string, Partial<CompareOptions>, RegExp]>([
    ["no gate", { gates: {} }, /at least one gate/],
    ["an unknown model", { candidate: "c" }, /no measurement of model "c"; .*"a", "b"/],
    ["a model with itself", { candidate: "a" }, /both named "a"/],
    ["a negative margin", { gates: { quality: { score: "exact", margin: -0.03 } } }, /`margin` must be/],
    ["a margin of everything", { gates: { quality: { score: "exact", margin: 1 } } }, /from 0 to below 1/],
    [
      "an unknown measure",
      { gates: { speed: { measure: "speed" as "latency", margin: 1 } } },
      /must be one of latency/,
    ],
    ["a share of a share", { gates: { errors: { measure: "errors", margin: "10%" } } }, /must be a number/],
    ["the 100th percentile", { gates: { late: { measure: "latency", statistic: "p100", margin: 1 } } }, /p1 to p99/],
    ["exact sameness", { gates: { length: { measure: "length", better: "same", margin: 0 } } }, /must be above 0/],
    ["a confidence of a half", { confidence: 0.5 }, /`confidence` must be above 0.5/],
  ])("is refused with a sentence: %s", (_, options, message) => {
    expect(() => compared(lines, options)).toThrow(expect.objectContaining({ code: "invalid-request" }) as Error);
    expect(() => compared(lines, options)).toThrow(message);
  });

  test("is refused with the item whose score is out of bounds", () => {
    expect(() => compared([...lines, ...measured("b", [7])])).toThrow(/from 0 to 1; of item "item 0" it is 7/);
  });
});

test("of several gates that are open, all are missing more than the one that lacks most", () => {
  const lines = (model: string, wrong: number): Measurement[] =>
    Array.from({ length: 100 }, (_, place) => {
      const exact = place % 10 < wrong ? 0 : 1;
      return { item: `${place}`, model, scores: { exact, again: exact } };
    });
  const measurements = [...lines("a", 0), ...lines("b", 1)];
  const of = (gates: Readonly<Record<string, Gate>>): Comparison =>
    compare(measurements, { baseline: "a", candidate: "b", gates });
  const gate = { score: "exact", margin: 0.14 } as const;
  const one = of({ gate });
  const two = of({ gate, other: { score: "again", margin: 0.14 } });
  expect(one).toMatchObject({ verdict: "undecided", gates: [{ missing: one.missing }] });
  expect(two.gates.map(({ missing }) => missing)).toEqual([one.missing, one.missing]);
  expect(two.missing).toBe(
    compare(measurements, { baseline: "a", candidate: "b", gates: { gate }, power: Math.sqrt(0.8) }).missing,
  );
  expect(two.missing).toBeGreaterThan(one.missing!);
});
