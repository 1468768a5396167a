import { readFileSync } from "node:fs";
import { sharedHas, sharedPath, skipCases } from "@plugboard/recordings";
import { describe, expect, test } from "vitest";
import { convert, print } from "./models-dev.ts";
import type { Source } from "./models-dev.ts";
import { catalog } from "./catalog.ts";
import type { CatalogModel } from "./catalog-model.ts";
import { data } from "./data.ts";
import { providers } from "./providers.ts";
import type { CatalogTable } from "./table.ts";

const table = JSON.parse(data) as CatalogTable;
const source = ["data", "catalog", "models.json"];

test("the data hold every provider, sorted", () => {
  const names = Object.keys(table.providers);
  expect(names).toEqual(Object.keys(providers).toSorted());
  for (const rows of Object.values(table.providers)) expect(Object.keys(rows)).toEqual(Object.keys(rows).toSorted());
});

test("a model has both an input and an output price, or none", () => {
  const half = catalog()
    .models()
    .filter(({ prices }) => prices && (prices.input === undefined || prices.output === undefined));
  expect(half).toEqual([]);
});

const what = "checks of the catalogue against its source";
if (!sharedHas(...source)) skipCases(2, what, `${sharedPath(...source)} is not there`);
else {
  const told = JSON.parse(readFileSync(sharedPath(...source), "utf8")) as Source;
  const { date } = told.source;
  if (date === table.snapshot.date) compareWith(told);
  else skipCases(2, what, `the export that is there is of ${date}, the data are of ${table.snapshot.date}`);
}

function compareWith(told: Source): void {
  describe(`the export of ${told.source.date}`, () => {
    test("gives just these data", () => {
      expect(print(convert(told))).toBe(data);
    });

    test("says of every model what the catalogue says", () => {
      expect(
        catalog()
          .models()
          .filter((model) => !agrees(model, told)),
      ).toEqual([]);
    });
  });
}

/** Whether the source says the same, read in another way than the script reads it. */
function agrees({ provider, id, prices, limits, abilities }: CatalogModel, told: Source): boolean {
  const theirs = told.providers[providers[provider as keyof typeof providers]]!.models[id]!;
  const { cost, limit } = theirs;
  const same = (ours: number | undefined, theirs: unknown): boolean =>
    ours === undefined || Math.abs(ours - Number(theirs)) < 1e-9;
  return (
    (prices === undefined || cost !== undefined) &&
    same(prices?.input, cost?.["input"]) &&
    same(prices?.output, cost?.["output"]) &&
    same(prices?.cachedInput, cost?.["cache_read"] ?? cost?.["cached_input"]) &&
    same(prices?.cacheWrite5m, cost?.["cache_write"] ?? cost?.["cached_write"]) &&
    (prices === undefined || (prices.tiers?.length ?? 0) === (cost?.tiers?.length ?? 0)) &&
    (limits.context ?? 0) === limit.context &&
    (limits.output ?? 0) === limit.output &&
    abilities.tools === theirs.tool_call &&
    abilities.structuredOutput === theirs.structured_output
  );
}
