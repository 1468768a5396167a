import * as catalogPackage from "@plugboard/catalog";
import * as core from "@plugboard/core";
import * as middleware from "@plugboard/middleware";
import * as routing from "@plugboard/routing";
import { describe, expect, test } from "vitest";
import * as plugboard from "./index.ts";
import {
  ModelError,
  ModelReply,
  balance,
  budget,
  cache,
  catalog,
  cost,
  defineEmbeddingModel,
  defineModel,
  fallback,
  lowestCost,
  retry,
  textOf,
} from "./index.ts";
import type { EmbeddingModel, Model, ModelRequest, PriceLookup, Usage } from "./index.ts";

const usage: Usage = { input: 1000, output: 100 };

function answering(provider: string, id: string, asked: (number | undefined)[] = []): Model {
  return defineModel({
    provider,
    id,
    call: ({ maxOutputTokens }) => {
      asked.push(maxOutputTokens);
      const content = [{ type: "text", text: `I am ${id}` }] as const;
      return Promise.resolve(ModelReply.of({ model: id, content, finishReason: "stop", usage, warnings: [] }));
    },
  });
}

const broken = defineModel({
  provider: "openai",
  id: "gpt-4o-mini",
  call: () => Promise.reject(new ModelError("down", { code: "server", status: 503 })),
});

test("gives what the four packages give, and nothing else", () => {
  const names = new Set([core, middleware, routing, catalogPackage].flatMap((module) => Object.keys(module)));
  expect(new Set(Object.keys(plugboard))).toEqual(names);
  expect(plugboard.balance).toBe(routing.balance);
  expect(plugboard.price).toBe(catalogPackage.price);
  expect(plugboard.ModelError).toBe(core.ModelError);
});

describe("cost", () => {
  test("knows the catalogue's prices", async () => {
    const result = await answering("openai", "gpt-4o").with(cost()).generate("hello");
    // 1,000 × 2,500 + 100 × 10,000
    expect(result.cost?.total).toBe(3_500_000);
  });

  test("takes others instead", async () => {
    const { quote } = catalog({ overrides: { openai: { "gpt-4o": { prices: { output: 20 } } } } });
    const result = await answering("openai", "gpt-4o").with(cost(quote)).generate("hello");
    // 1,000 × 2,500 + 100 × 20,000
    expect(result.cost?.total).toBe(4_500_000);
  });

  test("leaves out what is unknown rather than calling it free", async () => {
    const result = await answering("parrot", "polly").with(cost()).generate("hello");
    expect(result.cost).toBeUndefined();
  });
});

describe("budget", () => {
  test("knows the catalogue's prices and limits", async () => {
    const model = answering("openai", "gpt-4o").with(budget({ limit: { usd: 1 } }));
    expect(textOf(await model.generate("hello"))).toBe("I am gpt-4o");
    // The longest answer of gpt-4o is 16,384 tokens at 10,000 nano-dollars: $0.16, which a tenth of that does not pay for.
    const asked: (number | undefined)[] = [];
    const poor = answering("openai", "gpt-4o", asked).with(budget({ limit: { usd: 0.016 } }));
    await poor.generate("hello");
    expect(asked[0]).toBeGreaterThan(1500);
    expect(asked[0]).toBeLessThan(1600);
  });

  test("refuses a model whose price nobody knows, unless a price is given", async () => {
    const polly = answering("parrot", "polly");
    const free: PriceLookup = () => ({ cost: { total: 0 } });
    await expect(polly.with(budget({ limit: { usd: 1 } })).generate("hello")).rejects.toMatchObject({ code: "budget" });
    const limits = () => ({ context: 10, output: 10 });
    expect(textOf(await polly.with(budget({ limit: { usd: 1 }, price: free, limits })).generate("hello"))).toBe(
      "I am polly",
    );
  });
});

describe("fallback", () => {
  const small = answering("openai", "gpt-4"); // 8,192 tokens, and text alone
  const large = answering("openai", "gpt-4o");
  const asking = (content: string): ModelRequest => ({ messages: [{ role: "user", content }] });

  test("passes by models that a request does not fit, by the catalogue", async () => {
    const model = fallback([small, large]);
    expect(textOf(await model.generate(asking("hello")))).toBe("I am gpt-4");
    expect(textOf(await model.generate(asking("word".repeat(20_000))))).toBe("I am gpt-4o");
    const image = { type: "file", mediaType: "image/png", data: new Uint8Array([1]) } as const;
    const request: ModelRequest = { messages: [{ role: "user", content: [image] }] };
    expect(textOf(await model.generate(request))).toBe("I am gpt-4o");
  });

  test("takes other limits and abilities instead", async () => {
    const limits = () => ({ context: 1_000_000 });
    const abilities = () => undefined;
    const model = fallback([small, large], { limits, abilities });
    expect(textOf(await model.generate(asking("word".repeat(20_000))))).toBe("I am gpt-4");
  });

  test("serves embeddings as before", async () => {
    const embedding = defineEmbeddingModel({
      provider: "openai",
      id: "e",
      call: () => Promise.resolve({ model: "e", embeddings: [[1]], usage: {}, warnings: [] }),
    });
    const model: EmbeddingModel = fallback([embedding]);
    expect((await model.embed(["x"])).embeddings).toEqual([[1]]);
  });
});

test("lowestCost knows the catalogue's prices, unless others are given", async () => {
  const models = [answering("openai", "gpt-4"), answering("openai", "gpt-4o-mini")];
  expect(textOf(await balance(models, { by: lowestCost() }).generate("hello"))).toBe("I am gpt-4o-mini");
  const price: PriceLookup = (_, { id }) => ({ cost: { total: id === "gpt-4" ? 1 : 2 } });
  expect(textOf(await balance(models, { by: lowestCost(price) }).generate("hello"))).toBe("I am gpt-4");
});

test("one chain in front of several models prices the one that answered", async () => {
  const model = fallback([broken, answering("anthropic", "claude-opus-4-5")]).with(
    cost(),
    budget({ limit: { usd: 5 } }),
  );
  const result = await model.generate("hello");
  expect(textOf(result)).toBe("I am claude-opus-4-5");
  expect(result.attempts?.map(({ model, outcome }) => [model, outcome])).toEqual([
    ["gpt-4o-mini", "failed"],
    ["claude-opus-4-5", "finished"],
  ]);
  // 1,000 × 5,000 + 100 × 25,000
  expect(result.attempts?.[1]?.cost?.total).toBe(7_500_000);
});

test("the whole chain: a cut answer, a clean one from the next model, both paid for, and the second call from the cache", async () => {
  async function* cut() {
    yield { type: "text-delta", index: 0, text: "I am hal" } as const;
    yield { type: "usage", usage: { input: 1000, output: 4 } } as const;
    throw new ModelError("The connection was cut.", { code: "network" });
  }
  const asked: (number | undefined)[] = [];
  const first = defineModel({
    provider: "openai",
    id: "gpt-4o",
    call: () => ModelReply.from(cut(), { model: "gpt-4o" }),
  });
  const second = answering("anthropic", "claude-opus-4-5", asked);
  const model = fallback([first, second], { hold: "end" }).with(
    cache(),
    cost(),
    budget({ limit: { usd: 5 } }),
    retry(),
  );

  const reply = await model.stream("hello");
  expect(await reply.text()).toBe("I am claude-opus-4-5");
  const { attempts, cost: paid } = await reply.result();
  // 1,000 × 2,500 + 4 × 10,000 for the answer that was cut; 1,000 × 5,000 + 100 × 25,000 for the whole one
  expect(attempts?.map(({ model, outcome, cost }) => [model, outcome, cost?.total])).toEqual([
    ["gpt-4o", "failed", 2_540_000],
    ["claude-opus-4-5", "finished", 7_500_000],
  ]);
  expect(paid?.total).toBe(10_040_000);

  const again = await model.generate("hello");
  expect(again).toMatchObject({ cached: true, cost: { total: 0 }, attempts: [] });
  expect(textOf(again)).toBe("I am claude-opus-4-5");
  expect(asked).toHaveLength(1);
});
