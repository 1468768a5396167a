import type {
  CacheStore,
  EmbeddingModel,
  Ledger,
  LeaseStore,
  LimitStore,
  LimitsLookup,
  Model,
  PriceLookup,
  TokenCounter,
} from "@plugboard/core";
import type { CorsOptions } from "./handling/cors.ts";
import type { VirtualKey } from "./keys/virtual-key.ts";
import type { WrongKeyOptions } from "./keys/wrong-keys.ts";
import type { ServedModel } from "./models/served-models.ts";
import type { LogEntry } from "./telling/log-entry.ts";
import type { Resolve } from "./urls/check-file-urls.ts";

/** Where what keys have spent and sent is kept. `sqliteStore` and `redisStore` are such. */
export interface GatewayStore {
  readonly ledger: Ledger;
  readonly limits: LimitStore;
  readonly cache?: CacheStore;
  readonly leases?: LeaseStore;
}

/** What a gateway offers, to whom, and what it bears with. */
export interface GatewayOptions {
  /** The models by the names that clients ask for them by; a chain of any kind is a model. */
  readonly models: Readonly<Record<string, Model | EmbeddingModel | ServedModel>>;
  /** Who may ask. With `"none"` everyone may, and the server listens on this machine alone. */
  readonly keys: readonly VirtualKey[] | "none";
  /** What keys have spent and sent. @default in this process, and so gone with it: give `sqliteStore` or `redisStore` where it counts */
  readonly store?: GatewayStore;
  /** What usage costs. @default by the catalogue */
  readonly price?: PriceLookup;
  /** How much models take and give at most, for budgets. @default by the catalogue */
  readonly modelLimits?: LimitsLookup;
  /** Counts tokens for clients that ask for it, where the provider does not. @default `countTokens` of `@plugboard/tokens` */
  readonly count?: TokenCounter;
  /** Milliseconds after which an attempt whose process died is charged in full. @default 60000 */
  readonly lease?: number;
  /** Headers of clients that become tags: `{ tenant: "x-tenant" }`. @default none */
  readonly tags?: Readonly<Record<string, string>>;
  /** Members of requests, beyond those that are known to be harmless, that are passed on to providers: `["service_tier"]`. @default none */
  readonly pass?: readonly string[];
  /** Whether clients are told the providers' own sentences about failures; keys are taken out of them. @default false */
  readonly showProviderErrors?: boolean;
  /** Bytes of a request. @default 10 MiB */
  readonly maxBodyBytes?: number;
  /**
   * Bytes of this process's memory for items of responses, which clients such as the AI SDK refer to rather than send them again. Each key
   * has its own; none is kept of a request with `store: false`. The oldest make room. @default 16 MiB
   */
  readonly itemBytes?: number;
  /** Milliseconds that a request may take, all attempts together. @default 600000 */
  readonly timeout?: number;
  /** Pages of browsers that may ask. @default none */
  readonly cors?: CorsOptions;
  /** Looks up hosts of files' URLs. @default that of Node, where it is there */
  readonly resolve?: Resolve;
  /** How often an address may send wrong keys. */
  readonly wrongKeys?: WrongKeyOptions;
  /** Told of each request when it is over. @default nobody; `jsonLines()` writes them */
  readonly log?: (entry: LogEntry) => void;
  /** Whether `request` of the log has the prompt. @default false */
  readonly logContent?: boolean;
}
