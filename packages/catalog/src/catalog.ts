import { ModelError } from "@plugboard/core";
import type { Cost, LimitsLookup, ModelKey, ModelLimits, PriceLookup, Quote, Usage } from "@plugboard/core";
import { entryOf, withTier } from "./catalog-model.ts";
import type { Abilities, CatalogModel, Entry } from "./catalog-model.ts";
import { data } from "./data.ts";
import { discounted, overlay, pricesOf, ratesOf } from "./model-prices.ts";
import type { ModelPrices } from "./model-prices.ts";
import { offersOf, usualMix } from "./offers.ts";
import type { Offer } from "./offers.ts";
import { nearest } from "./nearest.ts";
import { canonical } from "./providers.ts";
import { reckon } from "./reckon.ts";
import type { CatalogSnapshot, CatalogTable } from "./table.ts";
import type { Tier } from "./tier-of.ts";

/** What the application itself knows of a model: a price it negotiated, a deployment of its own, a model that is newer than the data. */
export interface OwnModel {
  /** Over those of the catalogue, one by one. A price given here holds for prompts of any length, unless in `tiers`. */
  readonly prices?: ModelPrices;
  readonly limits?: ModelLimits;
  readonly abilities?: Abilities;
  readonly openWeights?: boolean;
  readonly status?: CatalogModel["status"];
  /** Goes over what its price and its size say. */
  readonly tier?: Tier;
  /** Taken off every price: 0.5 for a batch at half price, 0.12 for a contract. What is left is rounded up to whole pico-dollars. */
  readonly discount?: number;
}

/** What a catalogue is made of. */
export interface CatalogOptions {
  /** The application's own table, by provider and id; it comes first. @default none */
  readonly overrides?: Readonly<Record<string, Readonly<Record<string, OwnModel>>>>;
  /** Other data, in the form that `scripts/generate.ts` writes. @default the data that come with the package */
  readonly data?: CatalogTable;
}

/** Prices, limits and abilities, by provider and model. */
export interface Catalog {
  /** Where the data are from, and of which day. */
  readonly snapshot: CatalogSnapshot;
  /**
   * What so much usage of a model costs, in whole nano-dollars: the exact sum, rounded up once.
   *
   * @throws {ModelError} `not-found` naming the model that the catalogue does not have, or what was used and has no price;
   * `invalid-request` for a count that cannot be
   */
  readonly price: (usage: Usage, model: ModelKey) => Cost;
  /** The same without throwing: what cannot be priced is in `missing`. It is the {@link PriceLookup} of `cost` and `budget`. */
  readonly quote: PriceLookup;
  /** How much a model takes and gives; `undefined` for one that is not known. */
  readonly limits: LimitsLookup;
  /** What a model can do; `undefined` for one that is not known. */
  readonly abilities: (model: ModelKey) => Abilities | undefined;
  /** All that is known of a model. */
  readonly find: (model: ModelKey) => CatalogModel | undefined;
  /**
   * Who offers the same weights, the cheapest first, by an explicit table of names; the model alone where that has nothing of it. Those
   * without a price come last. What differs between offers all the same, such as filters and speed, no table tells.
   *
   * @param usage - what they are compared by @default three input tokens to one of output, a million in all
   */
  readonly offers: (model: ModelKey, usage?: Usage) => readonly Offer[];
  /** How many days old the data are. @param now - milliseconds since the epoch @default Date.now() */
  readonly age: (now?: number) => number;
  /** All models, or those of one provider, sorted by name. */
  readonly models: (provider?: string) => readonly CatalogModel[];
}

/**
 * A catalogue, with the application's own table over it. A model is looked for in that table by provider and id, then in the data by
 * provider and `catalogId`, or its id where it has none, and at last by the name that the provider answered with.
 *
 * @throws {ModelError} `invalid-request` for a price that is none
 * @example
 * const { price } = catalog({ overrides: { openai: { "ft:gpt-4o:acme": { prices: { input: 3.75, output: 15 } } } } });
 * price({ input: 1000, output: 100 }, { provider: "openai", id: "ft:gpt-4o:acme" }); // { total: 5_250_000, … } nano-dollars
 */
export function catalog({ overrides = {}, data: own }: CatalogOptions = {}): Catalog {
  const tables = own ? () => own : standardTable;
  const ownEntries = new Map<string, OwnEntry>();
  for (const [provider, models] of Object.entries(overrides)) {
    for (const [id, model] of Object.entries(models)) {
      ownEntries.set(keyOf(canonical(provider), id), ownEntry(canonical(provider), id, model));
    }
  }
  /** Rows are read when somebody asks for them. */
  const read = new Map<string, Entry>();
  const merged = new Map<string, Entry>();

  function tableEntry(provider: string, id: string): Entry | undefined {
    const key = keyOf(provider, id);
    const known = read.get(key);
    if (known) return known;
    const { providers } = tables();
    const rows = Object.hasOwn(providers, provider) ? providers[provider] : undefined;
    if (!rows || !Object.hasOwn(rows, id)) return undefined;
    const entry = entryOf(provider, id, rows[id]!);
    read.set(key, entry);
    return entry;
  }

  function entry(key: ModelKey): Entry | undefined {
    const { answeredBy } = key;
    return (
      entryById(key) ??
      (answeredBy === undefined ? undefined : entryById({ ...key, id: answeredBy, catalogId: answeredBy }))
    );
  }

  function entryById({ provider: told, id, catalogId = id }: ModelKey): Entry | undefined {
    const provider = canonical(told);
    const mine = ownEntries.get(keyOf(provider, id)) ?? ownEntries.get(keyOf(provider, catalogId));
    if (!mine) return tableEntry(provider, catalogId);
    const key = JSON.stringify([provider, id, catalogId]);
    let both = merged.get(key);
    if (!both) {
      both = over(mine, tableEntry(provider, catalogId));
      merged.set(key, both);
    }
    return both;
  }

  function notFound({ provider: told, id, catalogId = id }: ModelKey): ModelError {
    const provider = canonical(told);
    const { providers } = tables();
    const own = [...ownEntries.values()].map(({ model }) => model);
    const names = new Set([...Object.keys(providers), ...own.map((model) => model.provider)]);
    const ids = [
      ...Object.keys(names.has(provider) ? (providers[provider] ?? {}) : {}),
      ...own.filter((model) => model.provider === provider).map((model) => model.id),
    ];
    const [what, like] = names.has(provider)
      ? [`model "${catalogId}" of ${told}`, nearest(catalogId, ids)]
      : [`provider "${told}"`, nearest(provider, names)];
    const hint = like.length > 0 ? `; nearest: ${like.join(", ")}` : "";
    return new ModelError(`The catalogue has no ${what}${hint}.`, { code: "not-found", provider: told, model: id });
  }

  const find = (model: ModelKey): CatalogModel | undefined => entry(model)?.model;

  function quote(usage: Usage, model: ModelKey): Quote {
    const rates = entry(model)?.rates;
    if (!rates) return { missing: ["model"] };
    const reckoned = reckon(usage, rates);
    return reckoned.absurd === undefined ? reckoned : { missing: [reckoned.field] };
  }

  return {
    get snapshot() {
      return tables().snapshot;
    },
    price(usage, model) {
      const found = entry(model);
      if (!found) throw notFound(model);
      const where = { provider: model.provider, model: model.id };
      const name = `${model.provider} ${model.id}`;
      if (!found.rates) throw new ModelError(`The catalogue has no price of ${name}.`, { code: "not-found", ...where });

      const { cost, missing, absurd } = reckon(usage, found.rates);
      if (absurd !== undefined)
        throw new ModelError(`The usage of ${name} cannot be: ${absurd}`, { code: "invalid-request", ...where });
      if (cost) return cost;
      throw new ModelError(`${name} has no price for what was used: ${missing.map(whatIsMissing(usage)).join(", ")}.`, {
        code: "not-found",
        ...where,
      });
    },
    quote,
    limits: (model) => entry(model)?.model.limits,
    abilities: (model) => entry(model)?.model.abilities,
    find,
    offers: (model, usage = usualMix) => offersOf(model, usage, { find, quote }),
    age: (now = Date.now()) => Math.floor((now - Date.parse(tables().snapshot.date)) / 86_400_000),
    models(told) {
      const { providers } = tables();
      const wanted = told === undefined ? undefined : canonical(told);
      const keys = Object.entries(providers).flatMap(([provider, rows]) =>
        Object.keys(rows).map((id) => ({ provider, id })),
      );
      const extra = [...ownEntries.values()]
        .map(({ model }) => model)
        .filter(({ provider, id }) => !tableEntry(provider, id));
      return [...keys, ...extra]
        .filter(({ provider }) => wanted === undefined || provider === wanted)
        .toSorted((a, b) => compare(a.provider, b.provider) || compare(a.id, b.id))
        .map((key) => entry(key)!.model);
    },
  };
}

let parsed: CatalogTable | undefined;

/** The data that come with the package, parsed when somebody first asks. */
function standardTable(): CatalogTable {
  return (parsed ??= JSON.parse(data) as CatalogTable);
}

/** What the application says of a model, by itself. */
interface OwnEntry extends Entry {
  readonly discount: number;
}

function ownEntry(provider: string, id: string, own: OwnModel): OwnEntry {
  const { prices, limits = {}, abilities = {}, openWeights, status, tier, discount = 0 } = own;
  if (!(discount >= 0 && discount < 1)) {
    throw new ModelError(`The \`discount\` of ${provider} ${id} must be from 0 to below 1; it is ${discount}.`, {
      code: "invalid-request",
    });
  }
  const rates = prices && ratesOf(prices, `${provider} ${id}`);
  const model: CatalogModel = {
    provider,
    id,
    limits,
    abilities,
    ...(prices && { prices }),
    ...(openWeights !== undefined && { openWeights }),
    ...(status && { status }),
    ...(tier && { tier }),
  };
  return { model, rates, discount };
}

/** What the application says over what the table says. */
function over(own: OwnEntry, table: Entry | undefined): Entry {
  const { tier: _, ...below } = table?.model ?? own.model;
  const rates = own.rates && table?.rates ? overlay(own.rates, table.rates) : (own.rates ?? table?.rates);
  const model: CatalogModel = {
    ...below,
    ...own.model,
    limits: { ...below.limits, ...own.model.limits },
    abilities: { ...below.abilities, ...own.model.abilities },
  };
  const charged = rates && discounted(rates, own.discount);
  return { model: withTier({ ...model, ...(charged && { prices: pricesOf(charged) }) }), rates: charged };
}

/** A name with a note where the count, not the price, is what lacks. */
function whatIsMissing(usage: Usage): (name: string) => string {
  return (name) =>
    (name === "input" || name === "output") && usage[name] === undefined ? `${name} (nobody told how much)` : name;
}

function keyOf(provider: string, id: string): string {
  return `${provider} ${id}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
