import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ModelError } from "@plugboard/core";
import type { GatewayConfig } from "./gateway-config.ts";
import { checkedConfig, readConfig } from "./read-config.ts";

/**
 * Loads a configuration: YAML, JSON, or a module (`.ts`, `.js`, `.mjs`) whose default export it is.
 *
 * @throws {ModelError} `invalid-request`, with what is wrong and in which line; `not-found` for a file that is not there
 * @example
 * const config = await loadConfig("plugboard.yaml");
 */
export async function loadConfig(path: string): Promise<GatewayConfig> {
  if (/\.[cm]?[jt]s$/.test(path)) {
    const module = (await import(pathToFileURL(resolve(path)).href)) as { readonly default?: unknown };
    return checkedConfig(module.default, path);
  }
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new ModelError(`${path} cannot be read.`, { code: "not-found", cause });
  }
  return readConfig(text, path);
}
