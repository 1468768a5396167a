import { ModelError } from "@plugboard/core";
import type { ModelKey, Usage } from "@plugboard/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { catalog } from "./catalog.ts";
import type { Catalog, OwnModel } from "./catalog.ts";
import { price, quote } from "./standard.ts";

// Prices of the snapshot of 2026-07-02. One US dollar per million tokens is 1,000 nano-dollars a token.
const openai = (id: string): ModelKey => ({ provider: "openai", id });
const anthropic = (id: string): ModelKey => ({ provider: "anthropic", id });
const google = (id: string): ModelKey => ({ provider: "google", id });

function failure(run: () => unknown): ModelError {
  try {
    run();
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
  throw new Error("It did not fail.");
}

describe("worked out by hand", () => {
  test("gpt-4o with a part of the prompt from the cache", () => {
    // $2.50 in, $10 out, $1.25 cached. (1,117 - 1,024) × 2,500 + 1,024 × 1,250 + 46 × 10,000
    //                                = 232,500 + 1,280,000 + 460,000 = 1,972,500
    expect(price({ input: 1117, cachedInput: 1024, output: 46 }, openai("gpt-4o"))).toEqual({
      total: 1_972_500,
      components: { input: 232_500, cachedInput: 1_280_000, output: 460_000 },
    });
  });

  test("Claude writing to its cache, then reading from it", () => {
    // claude-opus-4-5: $5 in, $25 out, $0.50 read, $6.25 written.
    // 21 × 5,000 + 188,086 × 6,250 + 393 × 25,000 = 105,000 + 1,175,537,500 + 9,825,000 = 1,185,467,500
    expect(price({ input: 188_107, cacheWrite5m: 188_086, output: 393 }, anthropic("claude-opus-4-5")).total).toBe(
      1_185_467_500,
    );
    // 21 × 5,000 + 188,086 × 500 + 393 × 25,000 = 105,000 + 94,043,000 + 9,825,000 = 103,973,000
    expect(price({ input: 188_107, cachedInput: 188_086, output: 393 }, anthropic("claude-opus-4-5")).total).toBe(
      103_973_000,
    );
  });

  test("Gemini on both sides of its border for long prompts", () => {
    // gemini-2.5-pro: $1.25 in, $10 out up to 200,000 tokens; $2.50 and $15 above, for all of the call.
    // 200,000 × 1,250 + 100 × 10,000 = 250,000,000 + 1,000,000
    expect(price({ input: 200_000, output: 100 }, google("gemini-2.5-pro")).total).toBe(251_000_000);
    // 200,001 × 2,500 + 100 × 15,000 = 500,002,500 + 1,500,000
    expect(price({ input: 200_001, output: 100 }, google("gemini-2.5-pro")).total).toBe(501_502_500);
  });

  test("Gemini hearing audio", () => {
    // gemini-2.5-flash: $0.30 text, $1 audio, $2.50 out. 40 × 300 + 960 × 1,000 + 20 × 2,500 = 12,000 + 960,000 + 50,000
    expect(price({ input: 1000, inputAudio: 960, output: 20 }, google("gemini-2.5-flash")).total).toBe(1_022_000);
  });

  test("prices finer than a nano-dollar, rounded up once", () => {
    // command-r7b: $0.0375 in, which is 37.5 nano-dollars a token, and $0.15 out.
    // 3 × 37.5 + 1 × 150 = 112.5 + 150 = 262.5, and so 263; the part alone is 113 to the nearest.
    expect(price({ input: 3, output: 1 }, { provider: "cohere", id: "command-r7b-12-2024" })).toEqual({
      total: 263,
      components: { input: 113, output: 150 },
    });
  });

  test("thinking with a price of its own, and without", () => {
    // alibaba qwen3-32b: $0.70 in, $2.80 out, $8.40 thinking. 10 × 700 + 40 × 2,800 + 60 × 8,400 = 7,000 + 112,000 + 504,000
    const usage: Usage = { input: 10, output: 100, reasoning: 60 };
    expect(price(usage, { provider: "alibaba", id: "qwen3-32b" }).total).toBe(623_000);
    // o3: $2 in, $8 out; thinking is output. 10 × 2,000 + 100 × 8,000
    expect(price(usage, openai("o3")).total).toBe(820_000);
  });

  test("an embedding, whose output costs nothing and is told by nobody", () => {
    // text-embedding-3-small: $0.02. 8 × 20
    expect(price({ input: 8 }, openai("text-embedding-3-small")).total).toBe(160);
  });
});

describe("what is unknown is named, and never free", () => {
  test("a model", () => {
    const error = failure(() => price({ input: 1, output: 1 }, openai("gpt-4p")));
    expect(error).toMatchObject({ code: "not-found", provider: "openai", model: "gpt-4p" });
    expect(error.message).toContain('no model "gpt-4p" of openai');
    expect(error.message).toContain("gpt-4o");
    expect(quote({ input: 1, output: 1 }, openai("gpt-4p"))).toEqual({ missing: ["model"] });
  });

  test("a provider", () => {
    const error = failure(() => price({}, { provider: "openia", id: "gpt-4o" }));
    expect(error.message).toBe('The catalogue has no provider "openia"; nearest: openai.');
  });

  test.each(["__proto__", "constructor", "toString", ""])("a model or provider named %j", (name) => {
    expect(quote({ input: 1, output: 1 }, openai(name))).toEqual({ missing: ["model"] });
    expect(quote({ input: 1, output: 1 }, { provider: name, id: "gpt-4o" })).toEqual({ missing: ["model"] });
  });

  test("a model that the catalogue knows without a price", () => {
    expect(failure(() => price({ input: 1, output: 1 }, { provider: "ollama", id: "gemma3:4b" })).code).toBe(
      "not-found",
    );
    expect(quote({ input: 1, output: 1 }, { provider: "groq", id: "whisper-large-v3" })).toEqual({
      missing: ["model"],
    });
  });

  test.each<[string, Usage, ModelKey, string[]]>([
    ["cache reads", { input: 9, cachedInput: 1, output: 1 }, openai("gpt-4"), ["cachedInput"]],
    [
      "writes kept for an hour",
      { input: 9, cacheWrite1h: 5, output: 1 },
      anthropic("claude-opus-4-5"),
      ["cacheWrite1h"],
    ],
    ["audio", { input: 9, output: 9, inputAudio: 2, outputAudio: 3 }, openai("gpt-4o"), ["inputAudio", "outputAudio"]],
    ["a search", { input: 9, output: 1, serverTools: { web_search: 1 } }, openai("gpt-4o"), ["serverTools.web_search"]],
    ["an output that nobody counted", { input: 9 }, openai("gpt-4o"), ["output"]],
    ["everything, when nobody counted", {}, openai("gpt-4o"), ["input", "output"]],
    [
      "fees by request",
      { input: 9, output: 1 },
      { provider: "perplexity", id: "sonar-deep-research" },
      ["citation", "request"],
    ],
    [
      "cached audio",
      { input: 100, cachedInput: 90, inputAudio: 50, output: 1 },
      google("gemini-2.5-flash"),
      ["inputAudio"],
    ],
  ])("%s", (_, usage, model, missing) => {
    expect(quote(usage, model)).toEqual({ missing });
    const error = failure(() => price(usage, model));
    expect(error.code).toBe("not-found");
    for (const name of missing) expect(error.message).toContain(name);
  });

  test("but what was not used needs no price", () => {
    const usage: Usage = {
      input: 1,
      output: 1,
      cachedInput: 0,
      cacheWrite1h: 0,
      inputAudio: 0,
      serverTools: { web_search: 0 },
    };
    expect(price(usage, openai("gpt-4")).total).toBe(90_000);
  });
});

describe("usage that cannot be", () => {
  test.each<[string, Usage]>([
    ["`input` must be a whole number of at least 0; it is NaN", { input: Number.NaN, output: 1 }],
    ["`output` must be a whole number of at least 0; it is -1", { input: 1, output: -1 }],
    ["`output` must be a whole number of at least 0; it is Infinity", { input: 1, output: Number.POSITIVE_INFINITY }],
    ["`input` must be a whole number of at least 0; it is 1152921504606847000", { input: 2 ** 60, output: 1 }],
    ['`input` must be a whole number of at least 0; it is "7"', { input: "7" as unknown as number, output: 1 }],
    ["`serverTools.search` must be a whole number", { input: 1, output: 1, serverTools: { search: 0.5 } }],
    [
      "`cachedInput` and `cacheWrite5m` cannot be 11 of 10 `input` tokens",
      { input: 10, cachedInput: 6, cacheWrite5m: 5, output: 1 },
    ],
    ["`reasoning` cannot be 2 of 1 `output` tokens", { input: 10, output: 1, reasoning: 2 }],
    ["nine million dollars", { input: 2 ** 53 - 1, output: 1 }],
  ])("%s", (sentence, usage) => {
    const error = failure(() => price(usage, openai("gpt-4o")));
    expect(error.code).toBe("invalid-request");
    expect(error.message).toContain(sentence);
    expect(quote(usage, openai("gpt-4o")).cost).toBeUndefined();
    expect(quote(usage, openai("gpt-4o")).missing).toHaveLength(1);
  });
});

describe("for any usage and prices", () => {
  /** Millionths of a dollar per million tokens, so whole pico-dollars a token; as large as any that is charged. */
  const rate = fc.nat(200_000_000);
  const rates = fc.record({ input: rate, output: rate, cachedInput: rate, cacheWrite5m: rate, reasoning: rate });
  const parts = fc.record({
    fresh: fc.nat(2_000_000),
    cachedInput: fc.nat(2_000_000),
    cacheWrite5m: fc.nat(200_000),
    said: fc.nat(200_000),
    reasoning: fc.nat(200_000),
  });
  type Rates = typeof rates extends fc.Arbitrary<infer Value> ? Value : never;
  type Parts = typeof parts extends fc.Arbitrary<infer Value> ? Value : never;

  function total({ fresh, cachedInput, cacheWrite5m, said, reasoning }: Parts, told: Rates): number {
    const prices = Object.fromEntries(Object.entries(told).map(([kind, pico]) => [kind, pico / 1e6]));
    const usage = {
      input: fresh + cachedInput + cacheWrite5m,
      cachedInput,
      cacheWrite5m,
      output: said + reasoning,
      reasoning,
    };
    return catalog({ overrides: { own: { model: { prices } } } }).price(usage, { provider: "own", id: "model" }).total;
  }

  /** The same by another way: a fraction over a thousand, rounded up. */
  function exact({ fresh, cachedInput, cacheWrite5m, said, reasoning }: Parts, told: Rates): bigint {
    const pico =
      BigInt(fresh) * BigInt(told.input) +
      BigInt(cachedInput) * BigInt(told.cachedInput) +
      BigInt(cacheWrite5m) * BigInt(told.cacheWrite5m) +
      BigInt(said) * BigInt(told.output) +
      BigInt(reasoning) * BigInt(told.reasoning);
    return pico % 1000n === 0n ? pico / 1000n : pico / 1000n + 1n;
  }

  test("the total is the exact sum, rounded up", () => {
    fc.assert(
      fc.property(parts, rates, (parts, rates) => {
        expect(BigInt(total(parts, rates))).toBe(exact(parts, rates));
      }),
    );
  });

  test("more tokens never cost less", () => {
    fc.assert(
      fc.property(parts, parts, rates, (some, more, rates) => {
        const both = Object.fromEntries(
          Object.keys(some).map((key) => [key, some[key as keyof Parts] + more[key as keyof Parts]]),
        );
        expect(total(both as Parts, rates)).toBeGreaterThanOrEqual(total(some, rates));
      }),
    );
  });

  test("two calls cost what one of both would, up to the rounding", () => {
    fc.assert(
      fc.property(parts, parts, rates, (some, more, rates) => {
        const both = Object.fromEntries(
          Object.keys(some).map((key) => [key, some[key as keyof Parts] + more[key as keyof Parts]]),
        );
        const apart = total(some, rates) + total(more, rates);
        expect(apart - total(both as Parts, rates)).toBeOneOf([0, 1]);
      }),
    );
  });
});

describe("a discount", () => {
  const openai = (own: OwnModel): Catalog => catalog({ overrides: { openai: { "gpt-4o": own } } });
  const key = { provider: "openai", id: "gpt-4o" };

  test("is taken off every price of the catalogue", () => {
    // a batch at half price: 1,000 × 1,250 + 100 × 5,000
    expect(openai({ discount: 0.5 }).price({ input: 1000, output: 100 }, key).total).toBe(1_750_000);
  });

  test("is taken off the application's own prices, and rounded up to whole pico-dollars", () => {
    const { price } = openai({ prices: { input: 0.000001, output: 3 }, discount: 0.1 });
    // 3 dollars less a tenth are 2.70; one pico-dollar less a tenth is still one
    expect(price({ input: 1000, output: 1000 }, key).total).toBe(2_700_001);
  });

  test.each([-0.1, 1, Number.NaN])("of %s is refused", (discount) => {
    expect(() => openai({ discount })).toThrow("must be from 0 to below 1");
  });
});
