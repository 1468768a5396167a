import type { Cost, ModelKey, Quote, Usage } from "@plugboard/core";
import type { CatalogModel } from "./catalog-model.ts";
import { canonical } from "./providers.ts";
import { weights } from "./weights.ts";

/** One provider's offer of some weights. */
export interface Offer {
  readonly model: CatalogModel;
  /** How the weights are rounded, where the provider says that they are. */
  readonly quantization?: "fp8";
  /** Of the usage that was asked about; absent where something in it has no price. */
  readonly cost?: Cost;
}

/** A million tokens, three of input for one of output. */
export const usualMix: Usage = { input: 750_000, output: 250_000 };

/** Where the same weights are offered. */
interface Member {
  readonly key: ModelKey;
  readonly quantization?: "fp8";
}

let parsed: ReadonlyMap<string, readonly Member[]> | undefined;

/** By provider and id: all that offer the same weights, itself included. */
function groups(): ReadonlyMap<string, readonly Member[]> {
  if (parsed) return parsed;
  const found = new Map<string, readonly Member[]>();
  const table = JSON.parse(weights) as Record<string, Record<string, string | readonly string[]>>;
  for (const providers of Object.values(table)) {
    const members = Object.entries(providers).flatMap(([provider, ids]) =>
      [ids].flat().map((name) => memberOf(provider, name)),
    );
    for (const { key } of members) found.set(nameOf(key), members);
  }
  return (parsed = found);
}

function memberOf(provider: string, name: string): Member {
  const id = name.replace(/ fp8$/, "");
  return id === name ? { key: { provider, id } } : { key: { provider, id }, quantization: "fp8" };
}

function nameOf({ provider, id }: ModelKey): string {
  return `${provider} ${id}`;
}

/** The offers of the same weights, the cheapest for this usage first, those without a price last. */
export function offersOf(
  { provider, id, catalogId = id }: ModelKey,
  usage: Usage,
  {
    find,
    quote,
  }: { find: (model: ModelKey) => CatalogModel | undefined; quote: (usage: Usage, model: ModelKey) => Quote },
): readonly Offer[] {
  const own = { provider: canonical(provider), id: catalogId };
  const members: readonly Member[] = groups().get(nameOf(own)) ?? [{ key: own }];
  const offers: Offer[] = [];
  for (const { key, quantization } of members) {
    const model = find(key);
    if (!model) continue;
    const { cost } = quote(usage, key);
    offers.push({ model, ...(quantization && { quantization }), ...(cost && { cost }) });
  }
  return offers.toSorted((a, b) => (a.cost?.total ?? Infinity) - (b.cost?.total ?? Infinity) || byName(a, b));
}

function byName({ model: a }: Offer, { model: b }: Offer): number {
  return a.provider === b.provider ? (a.id < b.id ? -1 : 1) : a.provider < b.provider ? -1 : 1;
}
