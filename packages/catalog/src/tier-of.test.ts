import { describe, expect, test } from "vitest";
import { catalog } from "./catalog.ts";

describe("the tier of a model", () => {
  test.each([
    ["openai", "gpt-4o", "frontier"],
    ["anthropic", "claude-sonnet-4-5", "frontier"],
    ["google", "gemini-2.5-pro", "frontier"],
    ["openai", "gpt-4o-mini", "production"],
    ["groq", "llama-3.3-70b-versatile", "production"],
    ["mistral", "mistral-large-2512", "production"],
    ["azure", "phi-3-mini-4k-instruct", "edge"],
    ["github-models", "microsoft/phi-4", "production"],
    ["nvidia", "meta/llama-3.2-3b-instruct", "edge"],
    ["alibaba", "qwen3-14b", "edge"],
    ["openrouter", "mistralai/mixtral-8x22b-instruct", "production"],
  ])("%s %s is %s", (provider, id, tier) => {
    expect(catalog().find({ provider, id })?.tier).toBe(tier);
  });

  test("is not known where neither price nor size is", () => {
    const { find } = catalog({ overrides: { acme: { parrot: {}, sized: { openWeights: true } } } });
    expect(find({ provider: "acme", id: "parrot" })).not.toHaveProperty("tier");
    expect(find({ provider: "acme", id: "sized" })).not.toHaveProperty("tier");
  });

  test("is what the application says", () => {
    const { find } = catalog({ overrides: { openai: { "gpt-4o": { tier: "production" } } } });
    expect(find({ provider: "openai", id: "gpt-4o" })?.tier).toBe("production");
  });

  test("follows the application's own price", () => {
    const { find } = catalog({ overrides: { openai: { "gpt-4o-mini": { prices: { input: 3, output: 12 } } } } });
    expect(find({ provider: "openai", id: "gpt-4o-mini" })?.tier).toBe("frontier");
  });
});
