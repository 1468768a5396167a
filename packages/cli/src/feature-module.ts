import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ModelError } from "@plugboard/core";
import type { Feature } from "@plugboard/evaluation/feature";

/**
 * The feature that a module exports; of several, the one of this name.
 *
 * @throws {ModelError} `not-found` where there is no such file; `invalid-request` where it cannot be loaded, or exports no feature, or several and none is named
 */
export async function featureOf(path: string, name: string | undefined): Promise<Feature> {
  const { isFeature } = await import("@plugboard/evaluation/feature");
  const found = new Set(Object.values(await load(path)).filter(isFeature));
  const features = [...found].filter((feature) => name === undefined || feature.name === name);
  if (features.length === 1) return features[0]!;
  const names = [...found].map((feature) => feature.name).join(", ");
  if (found.size === 0) throw invalid(`${path} exports no feature: \`export const triage = defineFeature({ … })\`.`);
  if (name === undefined) throw invalid(`${path} exports several features; say which, --feature: ${names}.`);
  throw invalid(
    features.length === 0
      ? `${path} exports no feature ${JSON.stringify(name)}; there are: ${names}.`
      : `${path} exports several features named ${JSON.stringify(name)}.`,
  );
}

async function load(path: string): Promise<object> {
  if (!existsSync(path)) throw new ModelError(`There is no ${path}.`, { code: "not-found" });
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as object;
  } catch (cause) {
    throw invalid(`${path} cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

function invalid(message: string, cause?: unknown): ModelError {
  return new ModelError(message, { code: "invalid-request", ...(cause !== undefined && { cause }) });
}
