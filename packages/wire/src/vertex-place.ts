import { ModelError } from "@plugboard/core";
import { checkBaseURL } from "./base-url.ts";
import type { ApiKey } from "./key-from.ts";

/** Where Vertex AI is called, and by whom. */
export interface VertexAccess {
  /** The id of the Google Cloud project that is billed. */
  readonly project: string;
  /** Where the model runs: a region such as `europe-west4`, `us` or `eu`, or `global`. @default "global" */
  readonly location?: string;
  /** An OAuth access token, or how to get one; asked at every call, so that it can be renewed. @default `GOOGLE_CLOUD_ACCESS_TOKEN` */
  readonly token?: ApiKey;
  /** Up to the version of the API, without a project. @default the endpoint of the location */
  readonly baseURL?: string | URL;
}

/** A place on Vertex AI. */
export interface VertexPlace {
  /** Up to the version of the API, without a slash at its end. */
  readonly baseURL: string;
  /** From there on: `/projects/…/locations/…/`. */
  readonly path: string;
}

/**
 * Where models of a project run on Vertex AI.
 *
 * @throws {ModelError} `invalid-request` for a project, a location or a base URL that is none
 * @example
 * const { baseURL, path } = vertexPlace({ project: "my-project", location: "europe-west4" });
 */
export function vertexPlace({ project, location = "global", baseURL }: VertexAccess): VertexPlace {
  // Both stand in the address: anything else there could lead a token elsewhere.
  for (const [name, value] of Object.entries({ project, location })) {
    if (/^[a-z0-9][a-z0-9:.-]*$/i.test(value)) continue;
    throw new ModelError(`\`${name}\` must be made of letters, digits and "-"; it is ${JSON.stringify(value)}.`, {
      code: "invalid-request",
      provider: "vertex",
    });
  }
  return {
    baseURL: checkBaseURL(baseURL ?? `https://${hostOf(location)}/v1`),
    path: `/projects/${project}/locations/${location}/`,
  };
}

/** https://cloud.google.com/vertex-ai/docs/reference/rest: `us` and `eu` are multi-regions with hosts of their own. */
function hostOf(location: string): string {
  if (location === "global") return "aiplatform.googleapis.com";
  if (location === "us" || location === "eu") return `aiplatform.${location}.rep.googleapis.com`;
  return `${location}-aiplatform.googleapis.com`;
}
