import type { CountingModel } from "@plugboard/core";
import type { VertexAccess, WireOptions } from "@plugboard/wire";
import { vertexDialect } from "./generate-content/dialect.ts";
import { generateContentModel } from "./generate-content/model.ts";

/** What a model on Vertex AI can be given. */
export interface VertexOptions extends WireOptions, VertexAccess {}

/**
 * A Gemini model on Vertex AI.
 *
 * @param id - as Google names it, `gemini-2.5-flash`; or from the location on, `publishers/google/models/…` or `endpoints/…`
 * @throws {ModelError} `invalid-request` for a project, location or base URL that is none
 * @example
 * const model = vertex("gemini-2.5-flash", { project: "my-project", location: "europe-west4", token: () => auth.getAccessToken() });
 */
export function vertex(id: string, options: VertexOptions): CountingModel {
  const dialect = vertexDialect(options);
  return generateContentModel({ id, dialect, key: options.token, baseURL: undefined, wire: options });
}
