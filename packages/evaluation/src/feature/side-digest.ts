import { createHash } from "node:crypto";
import { compileSchema } from "@plugboard/core";
import type { Json, Model } from "@plugboard/core";
import type { Feature } from "./feature.ts";

/** A model, or what stands in front of some. */
type Named = Pick<Model, "provider" | "id"> & { readonly models: readonly Named[] };

/**
 * A digest of all that decides what one model of a feature is asked: its name and those behind it, the output schema, and the whole request, prompt and
 * settings, that it is sent for each of some inputs. Of what prompts say, not how they are written: a build that renames and shortens keeps it.
 */
export async function sideDigest(feature: Feature, model: string, probes: readonly Json[]): Promise<string> {
  const requests = [];
  for (const input of probes) requests.push(await feature.request(input, { model }));
  const schema = feature.output && compileSchema(feature.output, `the feature "${feature.name}"`).jsonSchema;
  return sha256(JSON.stringify({ model: namesOf(feature.models[model]!), schema, requests }));
}

/** SHA-256 as hexadecimal digits. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Who answers. Not where: an address may differ between a laptop and production. */
function namesOf({ provider, id, models }: Named): object {
  return { provider, id, ...(models.length > 0 && { models: models.map(namesOf) }) };
}
