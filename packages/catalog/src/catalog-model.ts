import type { ModelLimits } from "@plugboard/core";
import type { ModelPrices, Rates, RateTier } from "./model-prices.ts";
import { pricesOf } from "./model-prices.ts";
import { tierOf } from "./tier-of.ts";
import type { Tier } from "./tier-of.ts";
import { columns, flags, modalities } from "./table.ts";
import type { CatalogRow } from "./table.ts";

/** What a model can do. What nobody says is absent. */
export interface Abilities {
  /** Calls the application's tools. */
  readonly tools?: boolean;
  /** Holds its answer to a JSON Schema. */
  readonly structuredOutput?: boolean;
  /** Thinks before it answers. */
  readonly reasoning?: boolean;
  /** Takes a `temperature`; some refuse one. */
  readonly temperature?: boolean;
  readonly input?: readonly Modality[];
  readonly output?: readonly Modality[];
}

/** A form in which a model takes or gives things. */
export type Modality = "text" | "image" | "audio" | "video" | "pdf";

/** What is known of one model. */
export interface CatalogModel {
  readonly provider: string;
  readonly id: string;
  readonly limits: ModelLimits;
  readonly abilities: Abilities;
  /** Absent where unknown: not free. */
  readonly prices?: ModelPrices;
  /** Whether the weights can be had. */
  readonly openWeights?: boolean;
  /** Where its provider puts it, if not in ordinary use. */
  readonly status?: "deprecated" | "beta" | "alpha";
  /** What it is for; absent where neither its price nor its size is known. */
  readonly tier?: Tier;
}

/** One model as the catalogue holds it: for people, and to reckon with. */
export interface Entry {
  readonly model: CatalogModel;
  readonly rates: Rates | undefined;
}

const statuses = ["deprecated", "beta", "alpha"] as const;

/** Reads a row of the table. */
export function entryOf(provider: string, id: string, row: CatalogRow): Entry {
  const [letters, inAndOut, [context, output, input], prices, tiers, charges = []] = row;
  const [takes, gives] = inAndOut.split(">").map(modalitiesOf);
  const has = (name: keyof typeof flags): boolean => letters.includes(flags[name]);
  const hasOrNot = (name: "structuredOutput" | "temperature"): boolean | undefined =>
    has(name) || (letters.includes(flags[name].toUpperCase()) ? false : undefined);
  const [structuredOutput, temperature] = [hasOrNot("structuredOutput"), hasOrNot("temperature")];
  const status = statuses.find(has);
  const rates: Rates | undefined = prices
    ? {
        tiers: [rateTierOf(0, prices), ...(tiers ?? []).map(([above, ...long]) => rateTierOf(above, long))],
        request: undefined,
        serverTools: {},
        charges,
      }
    : undefined;
  const model: CatalogModel = {
    provider,
    id,
    limits: { ...(context && { context }), ...(input && { input }), ...(output && { output }) },
    abilities: {
      tools: has("tools"),
      ...(structuredOutput !== undefined && { structuredOutput }),
      reasoning: has("reasoning"),
      ...(temperature !== undefined && { temperature }),
      ...(takes && { input: takes }),
      ...(gives && { output: gives }),
    },
    ...(rates && { prices: pricesOf(rates) }),
    openWeights: has("openWeights"),
    ...(status && { status }),
  };
  return { model: withTier(model), rates };
}

/** The model with the tier that its price and its size say, where the application says none. */
export function withTier(model: CatalogModel): CatalogModel {
  const tier = model.tier ?? tierOf(model);
  return tier ? { ...model, tier } : model;
}

function modalitiesOf(letters: string): Modality[] {
  return Array.from(letters, (letter) => modalities[letter as keyof typeof modalities]);
}

function rateTierOf(above: number, prices: readonly (number | null)[]): RateTier {
  const known = prices.flatMap((price, place) => (price === null ? [] : [[columns[place]!, price] as const]));
  return { above, ...Object.fromEntries(known) };
}
