import type { ConfiguredTier, ConfiguredTiering } from "@plugboard/routing/tiers";
import type { BudgetLimit } from "plugboard";
import type { CorsOptions } from "../handling/cors.ts";
import type { KeyLimits } from "../keys/virtual-key.ts";
import type { ServeOptions } from "../node/serve-options.ts";
import type { FileURLs } from "../urls/check-file-urls.ts";
import type { ProviderName } from "./providers.ts";

/** Milliseconds as a number, or a text: `"250ms"`, `"30s"`, `"5m"`, `"2h"`, `"7d"`. */
export type Duration = number | string;

/** A budget as a file says it. */
export type ConfiguredBudget = Omit<BudgetLimit, "window"> & {
  readonly window?: "total" | "day" | "month" | { readonly rolling: Duration };
};

/** A layer in front of a model: one of these, and its options. */
export interface ConfiguredLayer {
  readonly retry?: {
    readonly attempts?: number;
    readonly delay?: Duration;
    readonly maxDelay?: Duration;
    readonly maxRetryAfter?: Duration;
  };
  readonly timeout?: {
    readonly attempt?: Duration;
    readonly first?: Duration;
    readonly idle?: Duration;
    readonly total?: Duration;
  };
  /** Answers are kept apart by key, unless `scope` names other tags, or none. */
  readonly cache?: { readonly ttl?: Duration; readonly scope?: readonly string[]; readonly toolCalls?: boolean };
  /** Calls are kept apart by key, unless `scope` names other tags, or none. */
  readonly singleFlight?: { readonly scope?: readonly string[] };
  readonly circuitBreaker?: {
    readonly ratio?: number;
    readonly calls?: number;
    readonly window?: Duration;
    readonly open?: Duration;
  };
  readonly concurrency?: { readonly limit: number; readonly queue?: number; readonly wait?: Duration };
  readonly rateLimit?: {
    readonly requests?: number;
    readonly tokens?: number;
    readonly inputTokens?: number;
    readonly outputTokens?: number;
    readonly window?: Duration;
    readonly per?: readonly string[];
    readonly wait?: Duration;
  };
  readonly budget?: { readonly limit: ConfiguredBudget | readonly ConfiguredBudget[] };
}

/** The names of the layers. */
export type LayerName = keyof ConfiguredLayer;

/** A model, by its provider, or made of others: one of `provider`, `fallback` and `balance`. */
export interface ConfiguredModel {
  readonly provider?: ProviderName;
  /** What the provider calls it. */
  readonly model?: string;
  /** @default "chat" */
  readonly kind?: "chat" | "embedding";
  /** The environment variable that holds the key. @default that of the provider */
  readonly key?: string;
  readonly baseURL?: string;
  /** The catalogue's name for it, for prices and limits, where its own is not one. */
  readonly catalogId?: string;
  /** What only this provider has: `endpoint` and `apiVersion` of azure, `project` and `location` of vertex, `region` of bedrock. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** The names of other entries: the next is asked when one fails. */
  readonly fallback?: readonly string[];
  /** Whether a stream that breaks off is gone on with by the next model. @default false */
  readonly continueMidStream?: boolean;
  /** The names of other entries among which calls are divided, with weights where they are not equal. */
  readonly balance?: readonly (string | { readonly model: string; readonly weight: number })[];
  /** @default "weighted" */
  readonly by?: "weighted" | "leastInFlight" | "lowestLatency" | "lowestCost";
  /** Layers in front of it; the first is outermost. */
  readonly middleware?: readonly (LayerName | ConfiguredLayer)[];
  /** @default "public"; "none" for a model in your own network */
  readonly fileURLs?: FileURLs;
  /** Only for other entries to name: clients cannot ask for it. @default false */
  readonly hidden?: boolean;
}

/** A key of a client. */
export interface ConfiguredKey {
  readonly name: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly hash: string;
  readonly models?: readonly string[];
  readonly budget?: ConfiguredBudget | readonly ConfiguredBudget[];
  readonly limits?: KeyLimits;
  readonly tags?: Readonly<Record<string, string>>;
  readonly metrics?: boolean;
}

/** Where what was spent and sent is kept. */
export type ConfiguredStore =
  | "memory"
  | { readonly sqlite: string }
  /** A URL, or the environment variable that holds it. */
  | { readonly redis: string | { readonly env: string }; readonly prefix?: string };

/** A gateway as a file says it. */
export interface GatewayConfig {
  /** The models by the names that clients ask for them by. */
  readonly models: Readonly<Record<string, ConfiguredModel>>;
  /** Tiers of these models, from the highest to the lowest; clients ask for them by their names, as for models. */
  readonly tiers?: Readonly<Record<string, ConfiguredTier>>;
  /** How the tier of a request is found. */
  readonly tiering?: ConfiguredTiering;
  /** Who may ask; `none` lets everyone on this machine. */
  readonly keys: readonly ConfiguredKey[] | "none";
  /** @default { sqlite: "plugboard-gateway.db" } */
  readonly store?: ConfiguredStore;
  readonly listen?: {
    readonly [Name in keyof ServeOptions]: Name extends `${string}Timeout` ? Duration : ServeOptions[Name];
  };
  /** What requests under way are given to end when the server is told to. @default 30000 */
  readonly grace?: Duration;
  /** Headers of clients that become tags. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Members of requests that are passed on beyond those that are known to be harmless. */
  readonly pass?: readonly string[];
  readonly showProviderErrors?: boolean;
  readonly maxBodyBytes?: number;
  readonly itemBytes?: number;
  readonly timeout?: Duration;
  readonly lease?: Duration;
  readonly cors?: CorsOptions;
  /** `requests` logs a line for each request, `content` the prompt too. @default "requests" */
  readonly log?: "none" | "requests" | "content";
}
