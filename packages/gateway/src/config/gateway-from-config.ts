import { gateway } from "../gateway.ts";
import type { Gateway } from "../gateway.ts";
import type { VirtualKey } from "../keys/virtual-key.ts";
import type { ServeOptions } from "../node/serve-options.ts";
import { jsonLines } from "../telling/json-lines.ts";
import type { LogEntry } from "../telling/log-entry.ts";
import { buildModels } from "./build-models.ts";
import type { GatewayConfig } from "./gateway-config.ts";
import { openStore } from "./open-store.ts";

/** A gateway, and what its configuration says of how it is run. */
export interface ConfiguredGateway {
  readonly gateway: Gateway;
  readonly listen: ServeOptions;
  /** Milliseconds that requests under way are given when it is to end. */
  readonly grace: number;
  /** Closes the store; after the server has been drained. */
  close(): Promise<void>;
}

/**
 * Makes a gateway of a configuration that has been read: opens its store, and builds its models.
 *
 * @param log - where lines go. @default the standard output
 * @throws {ModelError} with the field and the accepted values
 */
export async function gatewayFromConfig(
  config: GatewayConfig,
  log: (entry: LogEntry) => void = jsonLines(),
): Promise<ConfiguredGateway> {
  const {
    models,
    tiers,
    tiering,
    keys,
    store: place,
    listen = {},
    grace = 30_000,
    log: level = "requests",
    ...others
  } = config;
  const lease = (config.lease ?? 60_000) as number;
  const store = await openStore(place);
  try {
    const built = await buildModels({ models, ...(tiers && { tiers }), ...(tiering && { tiering }) }, { store, lease });
    // Durations have been read: what is left of the difference between the types is gone.
    const made = gateway({
      ...(others as { readonly timeout?: number }),
      lease,
      models: built,
      keys: keys as readonly VirtualKey[] | "none",
      store,
      ...(level !== "none" && { log }),
      logContent: level === "content",
    });
    return { gateway: made, listen: listen as ServeOptions, grace: grace as number, close: async () => store.close() };
  } catch (error) {
    await store.close();
    throw error;
  }
}
