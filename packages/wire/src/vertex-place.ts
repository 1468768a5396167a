import { ModelError } from "@plugboard/core";

/** A place on Vertex AI. */
export interface VertexPlace {
  /** Of the host that serves it, up to the version of the API. */
  readonly baseURL: string;
  /** From there on: `/projects/…/locations/…/`. */
  readonly path: string;
}

/**
 * Where models of a project run on Vertex AI.
 *
 * @param location - a region such as `europe-west4`, `us` or `eu`, or `global`
 * @throws {ModelError} `invalid-request` for a project or a location that is none
 * @example
 * const { baseURL, path } = vertexPlace({ project: "my-project", location: "global" });
 */
export function vertexPlace(place: { readonly project: string; readonly location: string }): VertexPlace {
  // Both stand in the address: anything else there could lead a token elsewhere.
  for (const [name, value] of Object.entries(place)) {
    if (/^[a-z0-9][a-z0-9:.-]*$/i.test(value)) continue;
    throw new ModelError(`\`${name}\` must be made of letters, digits and "-"; it is ${JSON.stringify(value)}.`, {
      code: "invalid-request",
      provider: "vertex",
    });
  }
  const { project, location } = place;
  return { baseURL: `https://${hostOf(location)}/v1`, path: `/projects/${project}/locations/${location}/` };
}

/** https://cloud.google.com/vertex-ai/docs/reference/rest: `us` and `eu` are multi-regions with hosts of their own. */
function hostOf(location: string): string {
  if (location === "global") return "aiplatform.googleapis.com";
  if (location === "us" || location === "eu") return `aiplatform.${location}.rep.googleapis.com`;
  return `${location}-aiplatform.googleapis.com`;
}
