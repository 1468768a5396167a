import type * as StoreRedis from "@plugboard/store-redis";
import { ModelError } from "@plugboard/core";
import { environment } from "@plugboard/wire";
import { memoryCache, memoryLeases, memoryLedger, memoryLimits } from "plugboard";
import type { GatewayStore } from "../gateway-options.ts";
import type { ConfiguredStore } from "./gateway-config.ts";

/** A store, and how it is closed. */
export interface OpenStore extends GatewayStore {
  close(): void | Promise<void>;
}

/**
 * Opens the store that a configuration names; its package is loaded only then.
 *
 * @throws {ModelError} `unsupported` where Redis is named and `@plugboard/store-redis` is not installed
 */
export async function openStore(configured: ConfiguredStore = { sqlite: "plugboard-gateway.db" }): Promise<OpenStore> {
  if (configured === "memory") {
    const stores = { ledger: memoryLedger(), limits: memoryLimits(), cache: memoryCache(), leases: memoryLeases() };
    return { ...stores, close: () => {} };
  }
  if ("sqlite" in configured) {
    const { sqliteStore } = await import("@plugboard/store-sqlite");
    return sqliteStore({ path: configured.sqlite });
  }
  const { redis, prefix } = configured;
  const client = typeof redis === "string" ? redis : environment(redis.env);
  if (client === undefined || client === "") {
    throw new ModelError(`store.redis.env names a variable that is not set.`, { code: "invalid-request" });
  }
  const { redisStore } = await redisModule();
  return redisStore({ client, ...(prefix !== undefined && { prefix }) });
}

/** An optional companion, which whoever wants it installs. */
async function redisModule(): Promise<typeof StoreRedis> {
  try {
    return await import("@plugboard/store-redis");
  } catch (cause) {
    const message = "A store in Redis needs the packages @plugboard/store-redis and redis: install them beside the gateway.";
    throw new ModelError(message, { code: "unsupported", cause });
  }
}
