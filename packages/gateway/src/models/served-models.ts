import { ModelError } from "@plugboard/core";
import type { EmbeddingModel, Ledger, LimitStore, LimitsLookup, Model, PriceLookup } from "@plugboard/core";
import { budget, cost, rateLimit } from "plugboard";
import type { VirtualKey } from "../keys/virtual-key.ts";
import type { FileURLs } from "../urls/check-file-urls.ts";

/** A model as clients are offered it. */
export interface ServedModel {
  readonly model: Model | EmbeddingModel;
  /** Which URLs of files clients may send to it. @default "public" */
  readonly fileURLs?: FileURLs;
}

/** What the layers in front of each model need. */
export interface ServedModelsOptions {
  readonly models: Readonly<Record<string, Model | EmbeddingModel | ServedModel>>;
  readonly ledger: Ledger;
  readonly limits: LimitStore;
  /** @default by the catalogue */
  readonly price?: PriceLookup;
  /** @default by the catalogue */
  readonly modelLimits?: LimitsLookup;
  /** Milliseconds after which what a dead process had reserved is charged. */
  readonly lease: number;
}

/** A model behind what its key may spend. */
export interface KeyedModel<Kind extends Model | EmbeddingModel> {
  readonly name: string;
  readonly model: Kind;
  readonly fileURLs: FileURLs;
}

/** The models by name, each behind the budget and the limits of the key that asks. */
export interface ServedModels {
  /** The names that a key may use, in their order. */
  namesFor(key: VirtualKey): readonly string[];
  /** @throws {ModelError} `not-found`, in the same words for a name that is none and for one that the key may not use */
  chat(name: string, key: VirtualKey): KeyedModel<Model>;
  /** @throws {ModelError} as `chat` */
  embedding(name: string, key: VirtualKey): KeyedModel<EmbeddingModel>;
}

/** Names of models: what no header, no log and no reader's eye mistakes for something else. */
const legalName = /^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}$/;

/**
 * Puts models on offer.
 *
 * @throws {ModelError} `invalid-request` for a name that no client could ask for, or a key that names a model that is none
 */
export function servedModels(options: ServedModelsOptions, keys: readonly VirtualKey[]): ServedModels {
  const shelf = new Map<string, Required<ServedModel>>();
  for (const [name, given] of Object.entries(options.models)) {
    if (!legalName.test(name)) throw invalidName(`models[${JSON.stringify(name.slice(0, 80))}]`);
    shelf.set(name, "model" in given ? { fileURLs: "public", ...given } : { model: given, fileURLs: "public" });
  }
  for (const key of keys) {
    for (const name of key.models ?? []) {
      if (!shelf.has(name)) throw new ModelError(`The key ${key.name} names the model ${name}, which there is not.`, { code: "invalid-request" });
    }
  }
  const made = new Map<VirtualKey, Map<string, KeyedModel<Model | EmbeddingModel>>>();

  function find(name: string, key: VirtualKey): KeyedModel<Model | EmbeddingModel> {
    const known = made.get(key)?.get(name);
    if (known) return known;
    if (!legalName.test(name)) throw invalidName("model");
    const entry = shelf.get(name);
    if (!entry || key.models?.includes(name) === false) throw unknown(name);
    const keyed = { name, fileURLs: entry.fileURLs, model: behind(entry.model, key, options) };
    let ofKey = made.get(key);
    if (!ofKey) made.set(key, (ofKey = new Map<string, KeyedModel<Model | EmbeddingModel>>()));
    ofKey.set(name, keyed);
    return keyed;
  }

  return {
    namesFor: ({ models }) => [...shelf.keys()].filter((name) => models?.includes(name) !== false),
    chat(name, key) {
      const found = find(name, key);
      if ("embed" in found.model) throw unknown(name);
      return found as KeyedModel<Model>;
    },
    embedding(name, key) {
      const found = find(name, key);
      if (!("embed" in found.model)) throw unknown(name);
      return found as KeyedModel<EmbeddingModel>;
    },
  };
}

/** What is spent is told of every attempt; what the key may spend is asked before each. */
function behind(
  model: Model | EmbeddingModel,
  { name, budget: limit, limits: { tokens } = {} }: VirtualKey,
  { price, modelLimits, ledger, limits, lease }: ServedModelsOptions,
): Model | EmbeddingModel {
  const layers = [
    cost(price),
    ...(tokens === undefined
      ? []
      : [rateLimit({ limit: { tokens, of: "all" }, name: `gateway/${name}`, store: limits, wait: 0 })]),
    ...(limit === undefined
      ? []
      : [
          budget({
            limit,
            name: `gateway/${name}`,
            ledger,
            lease,
            ...(price && { price }),
            ...(modelLimits && { limits: modelLimits }),
          }),
        ]),
  ];
  // Two lines, since a union of methods cannot be called.
  if ("embed" in model) return model.with(...layers);
  return model.with(...layers);
}

function invalidName(field: string): ModelError {
  const wanted = "1 to 200 letters, digits and `.`, `_`, `:`, `/`, `@`, `+` or `-`, beginning with a letter or digit";
  return new ModelError(`\`${field}\` must be ${wanted}.`, { code: "invalid-request" });
}

function unknown(name: string): ModelError {
  return new ModelError(`There is no model \`${name}\` here, or this key may not use it.`, { code: "not-found" });
}
