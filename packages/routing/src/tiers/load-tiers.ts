import { readFile } from "node:fs/promises";
import { ModelError } from "@plugboard/core";
import type { Model } from "@plugboard/core";
import { refused } from "../refused.ts";
import type { TiersFile } from "./tiers-file.ts";
import { tiersFileSchema } from "./tiers-schema.ts";
import { tiers } from "./tiers.ts";
import type { TieredModel, TiersOptions } from "./tiers.ts";

/** What makes models of the names in a file, and what is known of them. */
export interface LoadTiersOptions extends Omit<TiersOptions, "default" | "tag" | "localOnly" | "fall" | "onBudget"> {
  /** The model of a name; asked once for each. @throws {ModelError} for a name that is none */
  readonly model: (name: string) => Model | Promise<Model>;
}

/**
 * Loads tiers and their rules from a JSON file: `{ "tiers": { "edge": { "models": ["llama"], "local": true } }, "tiering": { "fall": "down" } }`.
 *
 * @throws {ModelError} `invalid-request`, with what is wrong and where; `not-found` for a file that is not there
 * @example
 * const model = await loadTiers("tiers.json", { model: (name) => ollama(name), limits, abilities, price: quote });
 */
export async function loadTiers(path: string, options: LoadTiersOptions): Promise<TieredModel> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new ModelError(`${path} cannot be read.`, { code: "not-found", cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refused(`${path} is not JSON.`, cause);
  }
  return tiersFrom(value, options, path);
}

/**
 * Makes tiers of what a file says, however it was read.
 *
 * @param place - where it comes from, for errors
 * @throws {ModelError} `invalid-request`, with what is wrong and where
 */
export async function tiersFrom(value: unknown, options: LoadTiersOptions, place = "the file"): Promise<TieredModel> {
  const { model: modelOf, ...known } = options;
  const { tiers: configured, tiering = {} } = checkTiers(value, place);
  const names = [...new Set(Object.values(configured).flatMap(({ models }) => models))];
  const made = new Map(await Promise.all(names.map(async (name) => [name, await modelOf(name)] as const)));
  const entries = Object.entries(configured).map(([tier, { models, ...rules }]) => {
    return [tier, { ...rules, models: [models].flat().map((name) => made.get(name)!) }] as const;
  });
  const { name: _, ...found } = tiering;
  return tiers(Object.fromEntries(entries), { ...known, ...found });
}

/**
 * Checks what a file of tiers says.
 *
 * @param place - where it comes from, for errors
 * @throws {ModelError} `invalid-request`, with all that is wrong and where
 */
export function checkTiers(value: unknown, place = "the file"): TiersFile {
  const outcome = tiersFileSchema.safeParse(value);
  if (outcome.success) return outcome.data as TiersFile;
  const lines = outcome.error.issues.map(({ path, message }) => `${place}: \`${path.join(".")}\` ${message}.`);
  throw refused(lines.join("\n"));
}
