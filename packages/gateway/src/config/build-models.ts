import { ModelError } from "@plugboard/core";
import type { EmbeddingModel, Middleware, Model } from "@plugboard/core";
import { environment } from "@plugboard/wire";
import { balance, fallback, leastInFlight, lowestCost, lowestLatency, tiers, weighted } from "plugboard";
import type { GatewayStore } from "../gateway-options.ts";
import type { ServedModel } from "../models/served-models.ts";
import type { FileURLs } from "../urls/check-file-urls.ts";
import { isAddress, isPublicAddress } from "../urls/is-public-address.ts";
import type { ConfiguredLayer, ConfiguredModel, GatewayConfig } from "./gateway-config.ts";
import { chatLayers, layersOf } from "./layers.ts";
import type { LayerPlace } from "./layers.ts";
import { providers } from "./providers.ts";

/** What models are built with. */
export interface BuildOptions {
  readonly store: GatewayStore;
  readonly lease: number;
}

type Built = Required<ServedModel>;

const policies = { weighted, leastInFlight, lowestLatency, lowestCost: () => lowestCost() };

/**
 * Makes the models of a configuration, and its tiers.
 *
 * @returns those that clients may ask for, by name
 * @throws {ModelError} `invalid-request` for an entry that leads back to itself, `auth` for a variable of a key that is not set
 */
export async function buildModels(
  { models: entries, tiers: configured, tiering }: Pick<GatewayConfig, "models" | "tiers" | "tiering">,
  options: BuildOptions,
): Promise<Readonly<Record<string, ServedModel>>> {
  const built = new Map<string, Built>();

  async function build(name: string, above: readonly string[]): Promise<Built> {
    const known = built.get(name);
    if (known) return known;
    if (above.includes(name)) throw wrong(`models.${name} leads back to itself: ${[...above, name].join(" → ")}.`);
    const entry = entries[name]!;
    const bare = entry.provider === undefined ? await combined(entry, [...above, name]) : await single(name, entry);
    // Short forms have been read, so that each layer is an object.
    const configured = (entry.middleware ?? []) as readonly ConfiguredLayer[];
    const model = behind(bare.model, configured, { model: name, ...options });
    const whole = { model, fileURLs: entry.fileURLs ?? bare.fileURLs };
    built.set(name, whole);
    return whole;
  }

  async function combined(entry: ConfiguredModel, above: readonly string[]): Promise<Built> {
    const members: { readonly built: Built; readonly weight: number }[] = [];
    for (const member of entry.fallback ?? entry.balance ?? []) {
      const { model, weight } = typeof member === "string" ? { model: member, weight: 1 } : member;
      members.push({ built: await build(model, above), weight });
    }
    const fileURLs = strictest(members.map(({ built }) => built.fileURLs));
    const models = members.map(({ built }) => built.model);
    const embedding = models.filter((model): model is EmbeddingModel => "embed" in model);
    if (embedding.length > 0 && embedding.length < models.length) {
      throw wrong(`models.${above.at(-1)} is made of chat and of embedding models; it must be of one kind.`);
    }
    const chat = models as readonly Model[];
    const { continueMidStream, by = "weighted" } = entry;
    if (entry.fallback) {
      if (embedding.length > 0) return { model: fallback(embedding), fileURLs };
      return { model: fallback(chat, continueMidStream ? { continueMidStream } : {}), fileURLs };
    }
    const policy = { by: policies[by]() };
    const weights = members.map(({ weight }) => weight);
    if (embedding.length > 0) {
      return {
        model: balance(
          embedding.map((model, place) => ({ model, weight: weights[place]! })),
          policy,
        ),
        fileURLs,
      };
    }
    return {
      model: balance(
        chat.map((model, place) => ({ model, weight: weights[place]! })),
        policy,
      ),
      fileURLs,
    };
  }

  const served: Record<string, ServedModel> = {};
  for (const [name, { hidden }] of Object.entries(entries)) {
    const model = await build(name, []);
    if (!hidden) served[name] = model;
  }
  if (!configured) return served;
  return { ...served, ...tiered(configured, tiering, built) };
}

/** The tiers by name; and the name, if there is one, under which a request goes to the tier of its tags. */
function tiered(
  configured: NonNullable<GatewayConfig["tiers"]>,
  { name, ...tiering }: NonNullable<GatewayConfig["tiering"]> = {},
  built: ReadonlyMap<string, Built>,
): Readonly<Record<string, ServedModel>> {
  const membersOf = (models: string | readonly string[]): readonly Built[] =>
    [models].flat().map((one) => built.get(one)!);
  const entries = Object.entries(configured).map(([tier, { models, ...rules }]) => {
    const chat = membersOf(models).map(({ model }) => model);
    const embedding = chat.findIndex((model) => "embed" in model);
    if (embedding !== -1)
      throw wrong(`tiers.${tier}.models[${embedding}] is an embedding model; tiers are of chat models.`);
    return [tier, { ...rules, models: chat as readonly Model[] }] as const;
  });
  const model = tiers(Object.fromEntries(entries), tiering);
  // A tier may fall to others, so the strictest of all holds for each.
  const fileURLs = strictest(
    Object.values(configured).flatMap(({ models }) => membersOf(models).map((one) => one.fileURLs)),
  );
  const served = model.tiers.map((tier) => [tier, { model: model.at(tier), fileURLs }] as const);
  return Object.fromEntries(name === undefined ? served : [...served, [name, { model, fileURLs }]]);
}

/** A model behind its layers. */
function behind(
  model: Model | EmbeddingModel,
  configured: readonly ConfiguredLayer[],
  place: LayerPlace,
): Model | EmbeddingModel {
  const layers = layersOf(configured, place);
  if (!("embed" in model)) return model.with(...layers);
  const chat = configured.flatMap((layer) => Object.keys(layer)).find((name) => chatLayers.has(name));
  if (chat !== undefined) throw wrong(`models.${place.model}.middleware: ${chat} is for chat models alone.`);
  // The others look only at what every request has.
  return model.with(...(layers as readonly unknown[] as readonly Middleware<EmbeddingModel>[]));
}

async function single(name: string, entry: ConfiguredModel): Promise<Built> {
  const { provider: named, model: id, kind = "chat", key, baseURL, catalogId, options } = entry;
  const provider = providers[named!];
  const make = provider[kind];
  if (!make) throw wrong(`models.${name}.kind: ${named} has no ${kind} models here.`);
  if (key !== undefined && !environment(key)) {
    throw new ModelError(`models.${name}.key names the variable ${key}, which is not set.`, { code: "auth" });
  }
  const settings = {
    ...options,
    // Asked at every call, so that a process that changes its environment changes its keys.
    ...(key !== undefined && { apiKey: () => environment(key) ?? "" }),
    ...(baseURL !== undefined && { baseURL }),
    ...(catalogId !== undefined && { catalogId }),
  };
  const isLocal = baseURL === undefined ? provider.local === true : isInside(baseURL);
  return { model: await make(id!, settings), fileURLs: isLocal ? "none" : "public" };
}

/** An address in one's own network; whatever a model there is sent, it fetches from there. */
function isInside(baseURL: string): boolean {
  const host = URL.parse(baseURL)?.hostname ?? "";
  return isAddress(host)
    ? !isPublicAddress(host)
    : !host.includes(".") || /\.(?:local|localhost|internal|lan)$/.test(host);
}

function strictest(all: readonly FileURLs[]): FileURLs {
  return (["none", "public", "any"] as const).find((one) => all.includes(one)) ?? "public";
}

function wrong(message: string): ModelError {
  return new ModelError(message, { code: "invalid-request" });
}
