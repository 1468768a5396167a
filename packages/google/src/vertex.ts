import type { CountingModel } from "@plugboard/core";
import type { ApiKey, WireOptions } from "@plugboard/wire";
import { vertexDialect } from "./generate-content/dialect.ts";
import { generateContentModel } from "./generate-content/model.ts";

/** What a model on Vertex AI can be given. */
export interface VertexOptions extends WireOptions {
  /** The id of the Google Cloud project that is billed. */
  readonly project: string;
  /** Where the model runs: a region such as `europe-west4`, `us` or `eu`, or `global`. @default "global" */
  readonly location?: string;
  /** An OAuth access token, or how to get one; asked at every call, so that it can be renewed. @default `GOOGLE_CLOUD_ACCESS_TOKEN` */
  readonly token?: ApiKey;
  /** Up to the version of the API, without a project. @default the endpoint of the location */
  readonly baseURL?: string | URL;
}

/**
 * A Gemini model on Vertex AI.
 *
 * @param id - as Google names it, `gemini-2.5-flash`; or from the location on, `publishers/google/models/…` or `endpoints/…`
 * @throws {ModelError} `invalid-request` for a project, location or base URL that is none
 * @example
 * const model = vertex("gemini-2.5-flash", { project: "my-project", location: "europe-west4", token: () => auth.getAccessToken() });
 */
export function vertex(id: string, options: VertexOptions): CountingModel {
  const { project, location = "global", token, baseURL, ...wire } = options;
  return generateContentModel({ id, dialect: vertexDialect({ project, location }), key: token, baseURL, wire });
}
