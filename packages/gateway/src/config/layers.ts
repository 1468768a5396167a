import type { Middleware } from "@plugboard/core";
import { budget, cache, circuitBreaker, concurrency, rateLimit, retry, singleFlight, timeout } from "plugboard";
import type { BudgetLimit, CacheOptions, ConcurrencyOptions, RateLimitRule, RetryOptions, TimeoutOptions } from "plugboard";
import type { GatewayStore } from "../gateway-options.ts";
import type { ConfiguredLayer, LayerName } from "./gateway-config.ts";

/** Whose layer it is, and where its state is kept. */
export interface LayerPlace {
  /** Of the model, so that layers of several in one store stay apart. */
  readonly model: string;
  readonly store: GatewayStore;
  readonly lease: number;
}

/** Options whose durations have been read: what the layers themselves take. */
type Read<Name extends LayerName> = NonNullable<ConfiguredLayer[Name]>;

/** Answers of one key are not for another. */
const ofTheKey = ["key"];

const makers: { readonly [Name in LayerName]: (options: Read<Name>, place: LayerPlace) => Middleware } = {
  retry: (options) => retry(options as RetryOptions),
  timeout: (options) => timeout(options as TimeoutOptions),
  cache: (options, { store }) =>
    cache({ scope: ofTheKey, ...(options as CacheOptions), ...(store.cache && { store: store.cache }) }),
  singleFlight: (options) => singleFlight({ scope: ofTheKey, ...options }),
  circuitBreaker: (options) => circuitBreaker(options as Parameters<typeof circuitBreaker>[0]),
  concurrency: (options) => concurrency(options as ConcurrencyOptions),
  rateLimit({ wait, ...limit }, { model, store }) {
    return rateLimit({
      limit: limit as RateLimitRule,
      name: `model/${model}`,
      store: store.limits,
      ...(wait !== undefined && { wait: wait as number }),
    });
  },
  budget: ({ limit }, { model, store, lease }) =>
    budget({ limit: limit as readonly BudgetLimit[], name: `model/${model}`, ledger: store.ledger, lease }),
};

/** Those that look at prompts and answers, and so are for chat models alone. */
export const chatLayers: ReadonlySet<string> = new Set<LayerName>(["cache", "singleFlight"]);

/** Makes the layers of a model, in their order. */
export function layersOf(configured: readonly ConfiguredLayer[], place: LayerPlace): readonly Middleware[] {
  return configured.flatMap((layer) =>
    (Object.keys(layer) as LayerName[]).map((name) => {
      const make = makers[name] as (options: object, place: LayerPlace) => Middleware;
      return make(layer[name]!, place);
    }),
  );
}
