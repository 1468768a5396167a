import { ModelError } from "@plugboard/core";
import type { Model } from "@plugboard/core";
import { usualConfig, usualFiles } from "./usual-config.ts";

/** What a configuration offers under a name, and where it is looked for. */
export interface ConfiguredName {
  readonly name: string;
  /** Whether it must be a tier; otherwise it may be a model as well. */
  readonly kind: "tier" | "model or tier";
  /** The file. @default one of the usual names */
  readonly path: string | undefined;
}

/**
 * A tier or model of a configuration, the same file that a gateway serves.
 *
 * @throws {ModelError} `not-found` where there is no file or no such name in it, with those that there are; otherwise what is wrong with the file
 */
export async function configuredModel({ name, kind, path = usualConfig() }: ConfiguredName): Promise<Model> {
  if (path === undefined) {
    const message = `${JSON.stringify(name)} is looked for in a configuration, and there is none of ${usualFiles.join(", ")} here; --config names another. A model without one is named provider/id, such as openai/gpt-4o.`;
    throw new ModelError(message, { code: "not-found" });
  }
  const { loadConfig, modelsFromConfig } = await import("@plugboard/gateway/config");
  const config = await loadConfig(path);
  const models = await modelsFromConfig(config);
  const names = kind === "tier" ? Object.keys(config.tiers ?? {}) : Object.keys(models);
  if (names.includes(name)) return models[name]!;
  const known = names.length > 0 ? names.join(", ") : "none";
  throw new ModelError(`${path} has no ${kind} ${JSON.stringify(name)}; there are: ${known}.`, { code: "not-found" });
}
