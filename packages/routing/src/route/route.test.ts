import { ModelError } from "@plugboard/core";
import type { ModelKey, ModelRequest, Notice, PriceLookup } from "@plugboard/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fallback } from "../fallback/fallback.ts";
import type { QualityModel } from "../quality/quality-model.ts";
import { failureOf, scripted } from "../scripted-model.ts";
import type { Scripted } from "../scripted-model.ts";
import { route } from "./route.ts";
import type { RouteOptions } from "./route.ts";

/** Nano-dollars a token, in and out alike. */
const rates: Readonly<Record<string, number>> = { large: 100, medium: 20, small: 1 };
const price: PriceLookup = ({ input = 0, output = 0 }, { id }) =>
  rates[id] === undefined ? { missing: ["model"] } : { cost: { total: (input + output) * rates[id] } };
const quality = { large: 0.8, medium: 0.77, small: 0.6 };

const three = (): readonly [Scripted, Scripted, Scripted] => [
  scripted("large", ["a"]),
  scripted("medium", ["b"]),
  scripted("small", ["c"]),
];

/** A route of which only the decision is looked at. */
const decided = (options: Partial<RouteOptions>, request: ModelRequest | string = "hello") =>
  route({ models: three(), minimize: "cost", quality, price, ...options } as RouteOptions).explain(request);
const order = (options: Partial<RouteOptions>, request?: ModelRequest | string): string[] =>
  decided(options, request)
    .candidates.filter(({ possible }) => possible)
    .map(({ model }) => model.id);

describe("the objective", () => {
  test.each([
    [{ minimize: "cost" }, ["small", "medium", "large"]],
    [{ minimize: "cost", subjectTo: { quality: 0.95 } }, ["medium", "large", "small"]],
    [{ minimize: "cost", subjectTo: { quality: 0.97 } }, ["large", "medium", "small"]],
    [{ minimize: "cost", subjectTo: { quality: 1 } }, ["large", "medium", "small"]],
    [{ minimize: "cost", subjectTo: { quality: 0.95 }, otherwise: "refuse" }, ["medium", "large"]],
    [{ minimize: "cost", subjectTo: { quality: 0.95 }, reference: "script/medium" }, ["medium", "large", "small"]],
    [{ minimize: "cost", subjectTo: { quality: 0.7 }, reference: "script/medium" }, ["small", "medium", "large"]],
    [{ minimize: undefined, maximize: "quality" }, ["large", "medium", "small"]],
    [{ minimize: undefined, maximize: "quality", subjectTo: { usd: 0.00002 } }, ["medium", "small"]],
    [{ minimize: undefined, weights: { quality: 1 } }, ["large", "medium", "small"]],
    // 1 - 1, 0.9625 - 0.2, 0.75 - 0.01
    [{ minimize: undefined, weights: { quality: 1, cost: 1 } }, ["medium", "small", "large"]],
    // 2 - 0.1, 1.925 - 0.02, 1.5 - 0.001
    [{ minimize: undefined, weights: { quality: 2, cost: 0.1 } }, ["medium", "large", "small"]],
  ] as const)("%j orders them %j", (options, expected) => {
    expect(order(options as Partial<RouteOptions>)).toEqual(expected);
  });

  test("a model without a price comes last, and never under a ceiling", () => {
    const models = [scripted("unpriced", ["x"]), ...three()];
    expect(order({ models }).at(-1)).toBe("unpriced");
    const { candidates } = decided({ models, subjectTo: { usd: 1 } });
    expect(candidates.at(-1)).toMatchObject({
      name: "script/unpriced",
      possible: false,
      rule: "usd",
      why: "has a price that is not known",
    });
  });

  test("exactly at the bound is good enough", () => {
    expect(order({ quality: { large: 0.8, medium: 0.76, small: 0.1 }, subjectTo: { quality: 0.95 } })[0]).toBe(
      "medium",
    );
    expect(order({ quality: { large: 0.1 * 3, medium: 0.3 }, subjectTo: { quality: 1 } })[0]).toBe("medium");
    const medium = 20 * (2 + 500); // "hello" is taken for two tokens
    expect(order({ subjectTo: { usd: medium / 1e9 } })).toEqual(["small", "medium"]);
  });

  test("among equals the cheaper comes first", () => {
    expect(
      order({ minimize: undefined, maximize: "quality", quality: { large: 0.8, medium: 0.8, small: 0.8 } } as never),
    ).toEqual(["small", "medium", "large"]);
  });

  test("one that stands in front of several costs what the dearest does", () => {
    const [large, medium, small] = three();
    expect(
      order({ models: [{ model: fallback([large, small]), name: "both" }, medium], quality: { both: 1, medium: 1 } }),
    ).toEqual(["medium", "fallback(large,small)"]);
  });

  test("cost goes by the tokens that are expected of each, and no more than the request allows", () => {
    const models = three();
    const wordy = [models[0], { model: models[1], outputTokens: 100 }, { model: models[2], outputTokens: 60_000 }];
    expect(order({ models: wordy })).toEqual(["medium", "large", "small"]);
    const short = { messages: [{ role: "user", content: "hi" }], maxOutputTokens: 100 } as const;
    expect(order({ models: wordy }, short)).toEqual(["small", "medium", "large"]);
    const { cost, outputTokens } = decided({ models: wordy }, short).candidates[0]!;
    expect([cost, outputTokens]).toEqual([101, 100]);
  });

  test("the lower bound keeps back whom the expected quality lets through", () => {
    const learned = learnedOf({ large: [0.8, 0.78], medium: [0.79, 0.7], small: [0.6, 0.5] });
    const bounds = (by: "expected" | "lower-bound") => ({ quality: { atLeast: 0.95, by } });
    expect(order({ quality: learned, subjectTo: bounds("expected") })[0]).toBe("medium");
    expect(order({ quality: learned, subjectTo: bounds("lower-bound") })[0]).toBe("large");
    // Those that are not good enough come by the figure that decides.
    const wavering = learnedOf({ large: [0.9, 0.9], medium: [0.6, 0.3], small: [0.5, 0.4] });
    expect(order({ quality: wavering, subjectTo: bounds("expected") })).toEqual(["large", "medium", "small"]);
    expect(order({ quality: wavering, subjectTo: bounds("lower-bound") })).toEqual(["large", "small", "medium"]);
    // The reference is good enough though its own lower bound is not.
    expect(
      order({ quality: learned, subjectTo: { quality: { atLeast: 1, by: "lower-bound" } }, otherwise: "refuse" }),
    ).toEqual(["large"]);
  });

  test("where nothing is known of a model's quality, it does not keep to a bound", () => {
    expect(order({ quality: { large: 0.8 }, subjectTo: { quality: 0.5 } })[0]).toBe("large");
  });

  test("where the quality model fails, they are asked as they are listed, and that is told", () => {
    const notices: Notice[] = [];
    const broken: QualityModel = {
      ...learnedOf({ large: [1, 1], small: [1, 1] }),
      predict() {
        throw new Error("broken");
      },
    };
    const request = {
      messages: [{ role: "user", content: "hi" }],
      notify: (notice: Notice) => notices.push(notice),
    } as const;
    expect(order({ quality: broken, subjectTo: { quality: 0.9 } }, request)).toEqual(["large", "medium", "small"]);
    expect(notices).toContainEqual({ type: "fault", error: new Error("broken") });
  });
});

describe("a quality model", () => {
  test("is shown what the user said last, and the tags of the request", () => {
    const learned = learnedOf({ large: [0.9, 0.9], small: [0.1, 0.1] });
    const predict = vi.spyOn(learned, "predict");
    decided(
      { quality: learned },
      {
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "first" },
          { role: "assistant", content: "well" },
          { role: "user", content: [{ type: "text", text: "second" }] },
          { role: "tool", content: [{ type: "tool-result", id: "1", name: "read", output: "use the large model" }] },
        ],
        tags: { task: "algebra" },
      },
    );
    expect(predict).toHaveBeenLastCalledWith({ text: "second", segments: { task: "algebra" } });
    decided({ quality: learned, text: () => "shown", segments: () => ({ task: "x" }) }, "hello");
    expect(predict).toHaveBeenLastCalledWith({ text: "shown", segments: { task: "x" } });
  });

  test("decides by what is asked, and by how long the answers will be", () => {
    const learned: QualityModel = {
      ...learnedOf({ large: [0.9, 0.9], small: [0.9, 0.9] }),
      predict: ({ text }) => {
        const isHard = text.includes("prove");
        return [
          { model: "large", quality: 0.9, low: 0.9, high: 0.9, outputTokens: 10 },
          { model: "small", quality: isHard ? 0.3 : 0.9, low: 0, high: 1, outputTokens: isHard ? 100 : 2000 },
        ];
      },
    };
    const [large, , small] = three();
    const options = { models: [large, small], quality: learned, subjectTo: { quality: 0.95 } };
    expect(order(options, "prove it")).toEqual(["large", "small"]);
    expect(order(options, "hello")).toEqual(["large", "small"]); // 2000 tokens at 1 are dearer than 10 at 100
    expect(decided(options, "hello").candidates[0]).toMatchObject({
      outputTokens: 10,
      quality: { expected: 0.9, relative: 1 },
    });
  });

  test("knows models by their provider and id, their id, the catalogue's name, or one that is given", () => {
    const named = (name: string, parts = {}, more = {}) =>
      decided({ models: [{ model: scripted("m", [], parts), ...more }], quality: { [name]: 0.5 } }).candidates[0]!
        .quality?.expected;
    expect([
      named("script/m"),
      named("m"),
      named("gpt-4o", { catalogId: "gpt-4o" }),
      named("script/gpt-4o", { catalogId: "gpt-4o" }),
      named("mine", {}, { name: "mine" }),
    ]).toEqual([0.5, 0.5, 0.5, 0.5, 0.5]);
  });

  test("that knows none of the models is refused, and so is none where one is needed", () => {
    expect(() => decided({ quality: learnedOf({ other: [1, 1] }) })).toThrow(
      "`quality` knows other, and none of the models script/large, script/medium, script/small",
    );
    expect(() => decided({ quality: undefined, subjectTo: { quality: 0.9 } } as never)).toThrow(
      "`quality` must be given",
    );
  });
});

test.each([
  [{ minimize: undefined }, "one of `minimize`, `maximize` and `weights`"],
  [{ maximize: "quality" }, "one of `minimize`, `maximize` and `weights`"],
  [{ minimize: "waste" }, '`minimize` must be "cost" or "latency"'],
  [{ minimize: undefined, maximize: "cost" }, '`maximize` must be "quality"'],
  [{ minimize: undefined, weights: { cost: -1 } }, "`weights.cost`"],
  [{ subjectTo: { quality: 95 } }, "`subjectTo.quality` must be a number from 0 to 1; it is 95"],
  [{ subjectTo: { quality: { atLeast: 1, by: "low" } } }, "`subjectTo.quality.by`"],
  [{ subjectTo: { firstTokenMs: { p95: "1" } } }, "`subjectTo.firstTokenMs.p95`"],
  [{ subjectTo: { usd: -1 } }, "`subjectTo.usd`"],
  [{ quality: { large: 80 } }, '`quality["large"]` must be a number from 0 to 1'],
  [{ reference: "gpt" }, "`reference` must be one of script/large"],
  [{ otherwise: "pray" }, "`otherwise` must be"],
  [{ outputTokens: -1 }, "`outputTokens`"],
  [{ models: [] }, "`route` needs at least one model"],
])("options %j are refused", (options, sentence) => {
  expect(() => decided(options as never)).toThrow(sentence);
});

describe("a call", () => {
  test("goes to the chosen model, and says why in the notice and on the attempt", async () => {
    const models = three();
    const notices: Notice[] = [];
    const model = route({ models, minimize: "cost", subjectTo: { quality: 0.95 }, quality, price });
    const result = await model.generate({
      messages: [{ role: "user", content: "hello" }],
      notify: (notice) => notices.push(notice),
    });
    const why = "the cheapest of 2 that keep to the bounds (96.3 % of the reference's quality, $0.00001004 expected)";
    expect(result.model).toBe("medium");
    expect(result.attempts).toEqual([expect.objectContaining({ model: "medium", choices: [{ by: "route", why }] })]);
    expect(notices[0]).toMatchObject({ type: "routed", chosen: { id: "medium" }, why });
    expect(model.explain("hello")).toMatchObject({ chosen: { id: "medium" }, reference: { id: "large" }, why });
  });

  test("goes to the next best when it fails, and leaves it alone for a while", async () => {
    const failing = scripted("medium", [{ fails: "server" }]);
    const [large, , small] = three();
    const model = route({
      models: [large, failing, small],
      minimize: "cost",
      subjectTo: { quality: 0.95 },
      quality,
      price,
    });
    const result = await model.generate("hello");
    expect(result.model).toBe("large");
    expect(result.attempts!.map(({ choices }) => choices![0]!.why)[1]).toBe("the next best");
    const { candidates, chosen } = model.explain("hello");
    expect(chosen!.id).toBe("large");
    expect(model.explain("hello").why).toMatch(/^the cheapest of 1 that keep to the bounds \(it is the reference/);
    expect(candidates.at(-1)).toMatchObject({
      name: "script/medium",
      possible: true,
      cooling: expect.any(Number) as number,
    });
    expect((await model.generate("hello")).attempts).toHaveLength(1);
  });

  test("streams, and goes on with an answer that breaks off, with the next best", async () => {
    const breaking = scripted("small", ["one two ", { fails: "network" }]);
    const [large] = three();
    const going = scripted("large", ["three"]);
    const model = route({ models: [breaking, going], minimize: "cost", price, continueMidStream: true });
    expect(await (await model.stream("count")).text()).toBe("one two three");
    expect(large.requests).toHaveLength(0);
  });

  test("fails where no model may be asked, with what keeps it from each", async () => {
    const models = three();
    const model = route({ models, minimize: "cost", subjectTo: { usd: 0 }, price });
    const error = await failureOf(model.generate("hello"));
    expect(error.code).toBe("unsupported");
    expect(error.message).toMatch(
      /^No model of the route may be asked. large is expected to cost \$0.0000\d+, and \$0 is the ceiling \(usd\)./,
    );
    expect(models.flatMap(({ requests }) => requests)).toEqual([]);
    expect(model.explain("hello")).toMatchObject({ why: "no model may be asked" });
  });
});

describe("latency", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const paced = () => [scripted("large", [{ wait: 300 }, "a"]), scripted("small", [{ wait: 1200 }, "c"])];
  async function ask(model: ReturnType<typeof route>): Promise<string> {
    const reply = model.stream("hello").then((reply) => reply.result());
    await vi.advanceTimersByTimeAsync(1300);
    return (await reply).model;
  }

  test("over its ceiling sends requests to those that keep to it, until the times are old", async () => {
    const model = route({ models: paced(), minimize: "cost", subjectTo: { firstTokenMs: { p95: 800 } }, price });
    for (let time = 0; time < 20; time++) expect(await ask(model)).toBe("small");
    expect(await ask(model)).toBe("large");
    expect(model.explain("hello").candidates[1]).toMatchObject({
      firstTokenMs: { p50: 1200, p95: 1200 },
      why: "has its first content after 1200 ms (p95), and 800 ms is the ceiling",
    });
    await vi.advanceTimersByTimeAsync(300_000);
    expect(await ask(model)).toBe("small");
  });

  test("weighs as a share of the slowest", async () => {
    const model = route({ models: paced(), weights: { cost: 1, latency: 2 }, price });
    await ask(model);
    await ask(model);
    // -1 × 1 - 2 × 0.25, and -1 × 0.01 - 2 × 1
    expect(model.explain({ messages: [{ role: "user", content: "hello" }], stream: true }).chosen!.id).toBe("large");
  });

  test("of one that fails late is at least that long", async () => {
    const [late, quick] = [
      scripted("late", [{ wait: 1200 }, { fails: "server" }]),
      scripted("quick", [{ wait: 50 }, "b"]),
    ];
    const model = route({ models: [late, quick], minimize: "latency", cooldown: false });
    expect([await ask(model), await ask(model)]).toEqual(["quick", "quick"]);
    expect(late.requests).toHaveLength(1);
  });

  test("as the objective tries each, and keeps to the quickest", async () => {
    const model = route({ models: paced(), minimize: "latency" });
    expect([await ask(model), await ask(model), await ask(model)]).toEqual(["large", "small", "large"]);
  });
});

describe("what a request needs", () => {
  const limits = ({ id }: ModelKey) => ({ context: id === "small" ? 1000 : 100_000 });
  const abilities = ({ id }: ModelKey) => ({
    tools: id !== "small",
    input: id === "large" ? ["text", "image"] : ["text"],
  });

  test("leaves out who cannot take it, and says why", () => {
    const tool = { type: "function", name: "f", input: { type: "object" } } as const;
    const messages = [{ role: "user", content: "hello" }] as const;
    expect(order({ abilities }, { messages, tools: [tool] })).toEqual(["medium", "large"]);
    const long = { messages: [{ role: "user", content: "word".repeat(5000) }] } as const;
    expect(order({ limits }, long)).toEqual(["medium", "large"]);
    expect(decided({ limits }, long).candidates.at(-1)).toMatchObject({
      name: "script/small",
      rule: "the length of the request",
    });
  });

  test("and a ceiling of price are kept whatever fails", async () => {
    const percent = fc.nat(100).map((whole) => whole / 100);
    const known = fc.record({
      rate: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
      quality: fc.option(percent, { nil: undefined }),
      tools: fc.option(fc.boolean(), { nil: undefined }),
      fails: fc.boolean(),
    });
    const wanted = fc.constantFrom(
      { minimize: "cost" as const },
      { minimize: "latency" as const },
      { maximize: "quality" as const },
      { weights: { quality: 1, cost: 1, latency: 1 } },
    );
    const scenario = fc.tuple(fc.array(known, { minLength: 1, maxLength: 6 }), wanted, fc.boolean(), percent);
    await fc.assert(
      fc.asyncProperty(scenario, async ([facts, objective, refuses, atLeast]) => {
        const models = facts.map(({ fails }, place) => scripted(`m${place}`, fails ? [{ fails: "server" }] : ["fine"]));
        const of = ({ id }: ModelKey) => facts[Number(id.slice(1))]!;
        const figures = facts.flatMap(({ quality: figure }, place) =>
          figure === undefined ? [] : [[`m${place}`, figure] as const],
        );
        const model = route({
          models,
          ...objective,
          quality: Object.fromEntries(figures),
          subjectTo: { usd: 20 * 501e-9, quality: atLeast },
          otherwise: refuses ? "refuse" : "nearest",
          abilities(key) {
            const { tools } = of(key);
            return tools === undefined ? undefined : { tools };
          },
          price({ input = 0, output = 0 }, key) {
            const { rate } = of(key);
            return rate === undefined ? { missing: ["model"] } : { cost: { total: (input + output) * rate } };
          },
        });
        const tool = { type: "function", name: "f", input: { type: "object" } } as const;
        const request = { messages: [{ role: "user", content: "hi" }], tools: [tool] } as const;
        const first = model.explain(request).chosen?.id;
        const answered = await model.generate(request).catch((error: unknown) => ModelError.from(error));
        const best = Math.max(...figures.map(([, figure]) => figure));
        // What is not known compares with nothing.
        const mayBeAsked = ({ rate = Infinity, tools, quality: figure = NaN }: (typeof facts)[number]): boolean =>
          rate <= 20 && tools !== false && (!refuses || figure >= atLeast * best - 1e-9);
        const asked = models.filter(({ requests }) => requests.length > 0);
        expect(asked.filter((model) => !mayBeAsked(of(model)))).toEqual([]);
        // Who is said to be asked first is, and somebody answers where anybody that may be asked does.
        expect(asked.filter(({ id }) => id === first)).toHaveLength(first === undefined ? 0 : 1);
        expect(!(answered instanceof ModelError)).toBe(facts.some((one) => mayBeAsked(one) && !one.fails));
      }),
      { numRuns: 300 },
    );
  });
});

/** A quality model that expects the same of each whatever is asked: quality and its lower bound. */
function learnedOf(figures: Readonly<Record<string, readonly [quality: number, low: number]>>): QualityModel {
  return {
    models: Object.keys(figures),
    predict: () => Object.entries(figures).map(([model, [figure, low]]) => ({ model, quality: figure, low, high: 1 })),
    toJSON() {
      throw new Error("It is not saved.");
    },
  };
}
