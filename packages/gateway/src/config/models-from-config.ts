import type { Model } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { buildModels } from "./build-models.ts";
import type { GatewayConfig } from "./gateway-config.ts";
import { openStore } from "./open-store.ts";

/**
 * Makes the chat models and tiers of a configuration that has been read, by the names that clients would ask for them by; for one process,
 * whose budgets and caches are its own.
 *
 * @throws {ModelError} with the field and the accepted values; `auth` for a variable of a key that is not set
 * @example
 * const { edge } = await modelsFromConfig(await loadConfig("plugboard.yaml"));
 */
export async function modelsFromConfig(config: GatewayConfig): Promise<Readonly<Record<string, Model>>> {
  const store = await openStore("memory");
  const lease = (config.lease ?? 60_000) as number;
  const served = await buildModels(config, { store, lease });
  const chat = Object.entries(served).flatMap(([name, { model }]) =>
    "embed" in model ? [] : [[name, model] as const],
  );
  if (chat.length > 0) return Object.fromEntries(chat);
  throw new ModelError("The configuration has no chat model that may be asked for.", { code: "invalid-request" });
}
