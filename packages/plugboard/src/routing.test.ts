// Tiers, routes and cascades with the catalogue's prices, limits and abilities, and with the real budget around them.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ModelError, ModelReply, agreeing, budget, cascade, cost, defineModel, route, tiers } from "./index.ts";
import type { Model, ModelRequest, Notice, Usage } from "./index.ts";

const usage: Usage = { input: 1000, output: 100 };

function answering(provider: string, id: string, asked: string[] = [], fingerprint?: string): Model {
  return defineModel({
    provider,
    id,
    ...(fingerprint !== undefined && { fingerprint }),
    call: () => {
      asked.push(id);
      const content = [{ type: "text", text: `I am ${id}` }] as const;
      return Promise.resolve(ModelReply.of({ model: id, content, finishReason: "stop", usage, warnings: [] }));
    },
  });
}

/** Two of OpenAI's, and one that runs here and costs nothing. */
function made() {
  const asked: string[] = [];
  const edge = answering("ollama", "llama3.2", asked, "ollama:llama3.2@http://127.0.0.1:11434#chat/1");
  return {
    asked,
    frontier: answering("openai", "gpt-4o", asked),
    production: answering("openai", "gpt-4o-mini", asked),
    edge,
  };
}

const ask = (tags: Record<string, string>, more: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [{ role: "user", content: "hello" }],
  maxOutputTokens: 100,
  tags,
  ...more,
});

describe("tiers", () => {
  test("know prices, limits and abilities by the catalogue", () => {
    const { frontier, production, edge } = made();
    const model = tiers({
      frontier: { models: [frontier, production], price: { output: 5 }, abilities: ["image"], context: 100_000 },
      edge: { models: edge, price: { output: 5 } },
    });
    expect(model.explain("hello").models).toEqual([
      {
        tier: "frontier",
        model: { provider: "openai", id: "gpt-4o" },
        rule: "frontier.price.output",
        why: "costs $10 per million tokens of output, and $5 is the ceiling",
      },
      { tier: "frontier", model: { provider: "openai", id: "gpt-4o-mini" } },
    ]);
    expect(model.explain(ask({ tier: "edge" })).models[0]).toMatchObject({ rule: "edge.price.output" });
  });

  // A call of gpt-4o can cost about $0.001, one of gpt-4o-mini about $0.00006; what runs here has no price.
  const limit = (usd: number) => ({ limit: { usd }, unknownPrice: "allow" as const });

  test.each([
    [1, "gpt-4o"],
    [0.0005, "gpt-4o-mini"],
    [0.00001, "llama3.2"],
  ])("under a budget of $%d, a request is pushed down to %s", async (usd, model) => {
    const { asked, ...entries } = made();
    const result = await tiers(entries, { onBudget: "down" })
      .with(budget(limit(usd)))
      .generate(ask({ tier: "frontier" }));
    expect([result.model, asked]).toEqual([model, [model]]);
    expect(result.warnings.map(({ code }) => code)).toEqual(model === "gpt-4o" ? [] : ["downgraded"]);
  });

  test("are what a budget downgrades to, by the rules of the lower tier", async () => {
    const { asked, ...entries } = made();
    const tiered = tiers(entries);
    const model = tiered.with(budget({ ...limit(0.0005), onLimit: { downgrade: tiered.at("production") } }));
    expect((await model.generate(ask({ tier: "frontier" }))).model).toBe("gpt-4o-mini");
    expect(asked).toEqual(["gpt-4o-mini"]);
  });

  test("keep on this machine what a budget would send elsewhere", async () => {
    const { asked, ...entries } = made();
    const tiered = tiers(entries, { onBudget: "down" });
    const model = tiered.with(budget({ limit: { usd: 0.0005 }, onLimit: { downgrade: tiered.at("production") } }));
    // What runs here has no price, so this budget refuses it; and production is elsewhere.
    await expect(model.generate(ask({ privacy: "edge-only" }))).rejects.toMatchObject({ code: "budget" });
    expect(asked).toEqual([]);
  });
});

test("no budget sends away what must stay on this machine, wherever it stands and whatever it pays for", async () => {
  const names = fc.constantFrom("frontier", "production", "edge");
  const scenario = fc.record({
    usd: fc.constantFrom(0, 0.00001, 0.0005, 1),
    inner: fc.constantFrom(0, 0.00001, 0.0005, 1),
    unknownPrice: fc.constantFrom("allow", "refuse"),
    onBudget: fc.constantFrom("refuse", "down"),
    fall: fc.constantFrom("none", "down", "up"),
    downgrade: fc.option(names, { nil: undefined }),
    tier: fc.option(names, { nil: undefined }),
  } as const);
  let answers = 0;
  await fc.assert(
    fc.asyncProperty(scenario, async ({ usd, inner, unknownPrice, onBudget, fall, downgrade, tier }) => {
      const { asked, frontier, production, edge } = made();
      const local = edge.with(budget({ limit: { usd: inner }, unknownPrice }));
      const tiered = tiers({ frontier, production, edge: [local, frontier] }, { onBudget, fall });
      const onLimit = downgrade && { downgrade: tiered.at(downgrade) };
      const model = tiered.with(budget({ limit: { usd }, unknownPrice, ...(onLimit && { onLimit }) }));
      const request = ask({ privacy: "edge-only", ...(tier && { tier }) });
      await model.generate(request).then(
        () => answers++,
        (error: unknown) => {
          if (!(error instanceof ModelError)) throw error;
        },
      );
      expect(asked.filter((id) => id !== "llama3.2")).toEqual([]);
    }),
    { numRuns: 300 },
  );
  expect(answers).toBeGreaterThan(0);
});

test("a route knows the catalogue's prices, and stands in a tier", async () => {
  const { asked, frontier, production, edge } = made();
  const quality = { "gpt-4o": 0.86, "gpt-4o-mini": 0.82 };
  const cheapest = route({ models: [frontier, production], minimize: "cost", subjectTo: { quality: 0.95 }, quality });
  const { candidates } = cheapest.explain({
    messages: [{ role: "user", content: "x".repeat(4000) }],
    maxOutputTokens: 100,
  });
  // 1,000 × 150 + 100 × 600, and 1,000 × 2,500 + 100 × 10,000
  expect(candidates.map(({ name, cost: expected }) => [name, expected])).toEqual([
    ["openai/gpt-4o-mini", 210_000],
    ["openai/gpt-4o", 3_500_000],
  ]);
  const result = await tiers({ production: cheapest, edge }).generate("hello");
  expect(asked).toEqual(["gpt-4o-mini"]);
  expect(result.attempts![0]!.choices!.map(({ by }) => by)).toEqual(["route", "tiers"]);
});

test.each([[[]], [[cost()]]])("a cascade tells what each step cost, with %j around it", async (layers) => {
  const { frontier, production } = made();
  const notices: Notice[] = [];
  const accept = [agreeing({ samples: 2, least: 2 }), () => false];
  const model = cascade([production, frontier], { accept }).with(...layers);
  await model.generate(ask({}, { notify: (notice) => notices.push(notice) }));
  expect(notices.filter(({ type }) => type === "escalated" || type === "cascaded")).toMatchObject([
    { spent: 2 * 210_000, why: "was not good enough" },
    { steps: [{ cost: 2 * 210_000 }, { cost: 3_500_000 }] },
  ]);
});
