import { expect, test } from "vitest";
import { convert, print } from "./models-dev.ts";
import type { Source } from "./models-dev.ts";
import { providers } from "./providers.ts";
import type { CatalogTable } from "./table.ts";

type SourceModel = Source["providers"][string]["models"][string];

const plain: SourceModel = {
  tool_call: true,
  reasoning: false,
  open_weights: false,
  limit: { context: 1000, output: 100 },
  modalities: { input: ["image", "text"], output: ["text"] },
};

/** An export in which OpenAI has these models and everybody else none. */
function exportOf(models: Record<string, SourceModel>): Source {
  const empty = Object.values(providers).map((name) => [name, { models: {} }]);
  return {
    source: { repository: "someone/models", date: "2030-01-02", licence: "MIT" },
    providers: { ...(Object.fromEntries(empty) as Source["providers"]), openai: { models } },
  };
}

const rowOf = (model: Partial<SourceModel>) =>
  convert(exportOf({ it: { ...plain, ...model } })).providers["openai"]!["it"];

test("keeps what prices, limits and abilities need", () => {
  const cost = { input: 2.5, output: 10, cache_read: 0.0375, input_audio: 40 };
  expect(rowOf({ cost, structured_output: true, temperature: false, status: "deprecated" })).toEqual([
    "tsCd",
    "ti>t",
    [1000, 100],
    [2_500_000, 10_000_000, 37_500, null, null, 40_000_000],
  ]);
});

test("sorts tiers and names the charges that it cannot reckon", () => {
  const tiers = [400, 200].map((size) => ({ tier: { size }, input: size, output: 1 }));
  const cost = { input: 1, output: 1, request: 5, tiers };
  expect(rowOf({ cost })?.slice(3)).toEqual([
    [1_000_000, 1_000_000],
    [
      [200, 200_000_000, 1_000_000],
      [400, 400_000_000, 1_000_000],
    ],
    ["request"],
  ]);
});

test("mends a sum that was done in binary", () => {
  expect(rowOf({ cost: { input: 0.049999999999999996, output: 0.1 } })?.[3]).toEqual([50_000, 100_000]);
});

test("takes no zero for a price where tokens are not what is paid for", () => {
  expect(rowOf({ cost: { input: 0, output: 0 }, modalities: { input: ["text"], output: ["image"] } })).toHaveLength(3);
  expect(rowOf({ cost: { input: 0, output: 0 } })?.[3]).toEqual([0, 0]);
  expect(rowOf({ cost: { input: 1, output: 1, cache_read: 0 } })?.[3]).toEqual([1_000_000, 1_000_000]);
});

test("refuses what it would have to guess", () => {
  expect(() => rowOf({ cost: { input: 0.00000001, output: 1 } })).toThrow("openai it: the input price 1e-8");
  expect(() => rowOf({ cost: { input: -1, output: 1 } })).toThrow("openai it: the input price -1");
  expect(() => rowOf({ status: "gone" })).toThrow('unknown status "gone"');
  expect(() => rowOf({ modalities: { input: ["smell"], output: [] } })).toThrow('unknown modality "smell"');
  expect(() => convert({ ...exportOf({}), providers: {} })).toThrow('no provider "alibaba"');
});

test("prints the same for the same models in any order, one a line", () => {
  const text = print(convert(exportOf({ b: plain, a: plain })));
  expect(text).toBe(print(convert(exportOf({ a: plain, b: plain }))));
  expect(text).toContain('\n"a":["t","ti>t",[1000,100]],\n"b":');
  expect((JSON.parse(text) as CatalogTable).snapshot).toEqual({
    source: "models.dev (github.com/someone/models)",
    licence: "MIT",
    date: "2030-01-02",
  });
});
