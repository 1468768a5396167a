import type { VertexAccess } from "@plugboard/wire";
import { vertexPlace } from "@plugboard/wire";
import type { CountForm } from "./count.ts";

/** What differs between the platforms that speak the generate-content protocol. */
export interface GenerateContentDialect {
  /** Who is called and billed. */
  readonly provider: string;
  readonly baseURL: string;
  /** After the base URL, before the id of a model that has no path of its own. */
  readonly models: string;
  /** After the base URL, before an id that is a path. */
  readonly paths: string;
  /** The header that carries the key, and what stands before it there. */
  readonly auth: { readonly header: string; readonly scheme?: string };
  /** What the application calls the key, and where it is looked for when none is given. */
  readonly key: { readonly option: string; readonly variables: readonly string[] };
  /** How a request is given to `:countTokens`. */
  readonly count: CountForm;
}

/** The Gemini API, with a key. */
export const geminiDialect: GenerateContentDialect = {
  provider: "google",
  baseURL: "https://generativelanguage.googleapis.com/v1beta",
  models: "/models/",
  paths: "/", // `tunedModels/…`
  auth: { header: "x-goog-api-key" },
  key: { option: "apiKey", variables: ["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY"] },
  count: "within",
};

/**
 * Vertex AI, with an access token.
 *
 * @throws {ModelError} `invalid-request` for a project, a location or a base URL that is none
 */
export function vertexDialect(access: VertexAccess): GenerateContentDialect {
  const { baseURL, path } = vertexPlace(access);
  return {
    provider: "vertex",
    baseURL,
    models: `${path}publishers/google/models/`,
    paths: path, // `publishers/…`, `endpoints/…`
    auth: { header: "authorization", scheme: "Bearer " },
    key: { option: "token", variables: ["GOOGLE_CLOUD_ACCESS_TOKEN"] },
    count: "members",
  };
}
