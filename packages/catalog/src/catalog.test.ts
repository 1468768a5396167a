import { describe, expect, test } from "vitest";
import { catalog } from "./catalog.ts";
import { abilities, limits } from "./standard.ts";
import type { CatalogTable } from "./table.ts";

const usage = { input: 1000, output: 100 };

describe("the application's own table", () => {
  test("prices a model that the data do not have", () => {
    const { price } = catalog({ overrides: { openai: { "ft:gpt-4o:acme": { prices: { input: 3.75, output: 15 } } } } });
    // 1,000 × 3,750 + 100 × 15,000
    expect(price(usage, { provider: "openai", id: "ft:gpt-4o:acme" }).total).toBe(5_250_000);
  });

  test("comes first, and one by one", () => {
    const own = catalog({
      overrides: { anthropic: { "claude-opus-4-5": { prices: { output: 20, cacheWrite1h: 10 } } } },
    });
    // 900 × 5,000 + 100 × 10,000 + 100 × 20,000
    expect(own.price({ ...usage, cacheWrite1h: 100 }, { provider: "anthropic", id: "claude-opus-4-5" }).total).toBe(
      7_500_000,
    );
    expect(own.find({ provider: "anthropic", id: "claude-opus-4-5" })?.prices).toEqual({
      input: 5,
      output: 20,
      cachedInput: 0.5,
      cacheWrite5m: 6.25,
      cacheWrite1h: 10,
    });
  });

  test("holds at every length of the prompt, unless it has tiers of its own", () => {
    const model = { provider: "google", id: "gemini-2.5-pro" };
    const long = { input: 300_000, output: 100 };
    const flat = catalog({ overrides: { google: { "gemini-2.5-pro": { prices: { input: 1 } } } } });
    // 300,000 × 1,000 + 100 × 15,000
    expect(flat.price(long, model).total).toBe(301_500_000);
    const tiered = catalog({
      overrides: { google: { "gemini-2.5-pro": { prices: { tiers: [{ above: 250_000, input: 9 }] } } } },
    });
    // 300,000 × 9,000 + 100 × 15,000; 240,000 × 2,500 + 100 × 15,000
    expect(tiered.price(long, model).total).toBe(2_701_500_000);
    expect(tiered.price({ input: 240_000, output: 100 }, model).total).toBe(601_500_000);
  });

  test("prices requests and the provider's tools", () => {
    const prices = { input: 1, output: 1, request: 0.005, serverTools: { web_search: 0.01 } };
    const { price } = catalog({ overrides: { perplexity: { "sonar-deep-research": { prices } } } });
    // 1,000 × 1,000 + 100 × 1,000 + 5,000,000 + 2 × 10,000,000
    expect(
      price({ ...usage, serverTools: { web_search: 2 } }, { provider: "perplexity", id: "sonar-deep-research" }),
    ).toEqual({
      total: 26_100_000,
      components: { input: 1_000_000, output: 100_000, request: 5_000_000, "serverTools.web_search": 20_000_000 },
    });
  });

  test("sets limits and abilities beside those of the data", () => {
    const model = { provider: "ollama", id: "gemma3:4b" };
    const own = catalog({
      overrides: { ollama: { "gemma3:4b": { limits: { context: 8192 }, abilities: { tools: false } } } },
    });
    expect(own.limits(model)).toEqual({ ...limits(model), context: 8192 });
    expect(own.abilities(model)).toEqual({ ...abilities(model), tools: false });
    expect(own.models("ollama")).toHaveLength(catalog().models("ollama").length);
  });

  test("lists its models with the others", () => {
    const own = catalog({ overrides: { parrot: { polly: { limits: { context: 5 } } } } });
    expect(own.models("parrot")).toEqual([{ provider: "parrot", id: "polly", limits: { context: 5 }, abilities: {} }]);
    expect(own.models()).toHaveLength(catalog().models().length + 1);
  });

  test.each([
    ["input", { input: -1 }, "it is -1"],
    ["output", { output: Number.NaN }, "it is NaN"],
    ["input", { input: 0.0000001 }, "at most 6 decimals"],
    ["serverTools.search", { serverTools: { search: -2 } }, "it is -2"],
    ["tiers", { tiers: [{ above: 0, input: 1 }] }, "above 0"],
    ["tiers", { tiers: [{ above: 5 }, { above: 5 }] }, "different lengths"],
  ])("refuses %s = %o", (field, prices, sentence) => {
    const make = () => catalog({ overrides: { openai: { "gpt-4o": { prices } } } });
    expect(make).toThrow(`The price \`${field}\` of openai gpt-4o must`);
    expect(make).toThrow(sentence);
    expect(make).toThrow(expect.objectContaining({ code: "invalid-request" }));
  });
});

describe("looking up", () => {
  test("takes the catalogue's name where the id is a deployment", () => {
    const deployment = { provider: "azure", id: "team-one", catalogId: "gpt-4o" };
    expect(catalog().find(deployment)?.id).toBe("gpt-4o");
    const own = catalog({ overrides: { azure: { "team-one": { prices: { input: 1 } } } } });
    expect(own.find(deployment)?.prices).toMatchObject({ input: 1, output: 10 });
  });

  test.each([
    ["amazon-bedrock", "bedrock"],
    ["together", "togetherai"],
    ["fireworks", "fireworks-ai"],
    ["moonshot", "moonshotai"],
  ])("knows %s as %s too", (name, other) => {
    const models = catalog().models(name);
    expect(models.length).toBeGreaterThan(0);
    expect(catalog().models(other)).toEqual(models);
    expect(catalog().find({ provider: other, id: models[0]!.id })).toEqual(models[0]);
  });

  test("tells limits, abilities and status", () => {
    expect(limits({ provider: "openai", id: "gpt-4o" })).toEqual({ context: 128_000, output: 16_384 });
    expect(abilities({ provider: "openai", id: "gpt-4o" })).toEqual({
      tools: true,
      structuredOutput: true,
      reasoning: false,
      temperature: true,
      input: ["text", "image", "pdf"],
      output: ["text"],
    });
    expect(catalog().find({ provider: "anthropic", id: "claude-3-opus-20240229" })).toMatchObject({
      status: "deprecated",
      openWeights: false,
    });
    expect(limits({ provider: "openai", id: "nothing" })).toBeUndefined();
    expect(abilities({ provider: "nobody", id: "gpt-4o" })).toBeUndefined();
  });

  test("says where the data are from, and of which day", () => {
    expect(catalog().snapshot).toEqual({
      source: "models.dev (github.com/anomalyco/models.dev)",
      licence: "MIT",
      date: "2026-07-02",
    });
  });

  test("takes other data", () => {
    const own: CatalogTable = {
      snapshot: { source: "ours", licence: "MIT", date: "2027-01-01" },
      providers: { openai: { "gpt-9": ["ts", "t>t", [10, 5], [1_000_000, 2_000_000]] } },
    };
    const later = catalog({ data: own });
    expect(later.snapshot.date).toBe("2027-01-01");
    expect(later.price({ input: 1, output: 1 }, { provider: "openai", id: "gpt-9" }).total).toBe(3000);
    expect(later.find({ provider: "openai", id: "gpt-4o" })).toBeUndefined();
  });
});
