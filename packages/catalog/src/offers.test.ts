import { describe, expect, test } from "vitest";
import { catalog } from "./catalog.ts";
import { providers } from "./providers.ts";
import { weights } from "./weights.ts";

const table = JSON.parse(weights) as Record<string, Record<string, string | string[]>>;
const members = Object.values(table).flatMap((group) =>
  Object.entries(group).flatMap(([provider, ids]) =>
    [ids].flat().map((id) => ({ provider, id: id.replace(/ fp8$/, "") })),
  ),
);

describe("the table of names", () => {
  test("names models that the catalogue has, each once", () => {
    const unknown = members.filter((key) => !catalog().find(key) || !Object.hasOwn(providers, key.provider));
    expect(unknown).toEqual([]);
    const names = members.map(({ provider, id }) => `${provider} ${id}`);
    expect(names.filter((name, place) => names.indexOf(name) !== place)).toEqual([]);
  });

  test("has weights that two providers at least offer", () => {
    expect(Object.entries(table).filter(([, group]) => Object.keys(group).length < 2)).toEqual([]);
  });
});

describe("offers", () => {
  const llama = { provider: "groq", id: "llama-3.3-70b-versatile" };

  test("are of the same weights, the cheapest first, those without a price last", () => {
    const offers = catalog().offers(llama);
    const names = offers.map(({ model }) => model.provider);
    expect(names).toEqual(expect.arrayContaining(["amazon-bedrock", "azure", "groq", "nvidia", "together", "vertex"]));
    const totals = offers.map(({ cost }) => cost?.total ?? Infinity);
    expect(totals).toEqual(totals.toSorted((a, b) => a - b));
  });

  test("are compared by the usage that is asked about", () => {
    const { offers } = catalog({
      overrides: {
        groq: { "llama-3.3-70b-versatile": { prices: { input: 0.000001, output: 900 } } },
        together: { "meta-llama/Llama-3.3-70B-Instruct-Turbo": { prices: { input: 900, output: 0.000001 } } },
      },
    });
    const dearest = (usage: { input: number; output: number }): string =>
      offers(llama, usage).findLast(({ cost }) => cost)!.model.provider;
    expect(dearest({ input: 1, output: 1000 })).toBe("groq");
    expect(dearest({ input: 1000, output: 1 })).toBe("together");
  });

  test("say where weights are rounded", () => {
    const together = catalog()
      .offers(llama)
      .find(({ model }) => model.provider === "together");
    expect(together).toMatchObject({ quantization: "fp8" });
  });

  test("of a model that no table knows is the model alone, and of none that is unknown", () => {
    expect(catalog().offers({ provider: "alibaba", id: "qwen-max" })).toMatchObject([{ model: { id: "qwen-max" } }]);
    expect(catalog().offers({ provider: "acme", id: "parrot" })).toEqual([]);
  });

  test("are found by other names of a provider, and by the model behind a deployment", () => {
    const direct = catalog().offers({ provider: "openai", id: "gpt-4o" });
    expect(catalog().offers({ provider: "azure-openai", id: "ours", catalogId: "gpt-4o" })).toEqual(direct);
    expect(direct.length).toBeGreaterThan(2);
  });
});
