import type { ApiKey, WireOptions } from "@plugboard/wire";
import { bearerFrom, checkBaseURL } from "@plugboard/wire";

/** Whose models are called, and billed to which key. */
export const owner = "cohere";

/** What every model of Cohere is reached with. */
export interface CohereOptions extends WireOptions {
  /**
   * A key, or how to get one; asked at every call.
   *
   * @default the environment variable `COHERE_API_KEY`, or else `CO_API_KEY`
   */
  readonly apiKey?: ApiKey;
  /** Without `/v2`. @default "https://api.cohere.com" */
  readonly baseURL?: string | URL;
  /** The catalogue's name for the model, where its id is not one: prices and limits are looked up by it. */
  readonly catalogId?: string;
}

/** The part of an exchange that is the same for every model of an account. */
export interface Account {
  readonly baseURL: string;
  readonly authorize: () => Promise<Readonly<Record<string, string>>>;
  readonly options: WireOptions;
}

/**
 * Where requests go, and whose they are.
 *
 * @throws {ModelError} `invalid-request` for a base URL that is none
 */
export function accountOf({ apiKey, baseURL, catalogId: _, ...options }: CohereOptions): Account {
  return {
    baseURL: checkBaseURL(baseURL ?? "https://api.cohere.com"),
    authorize: () => bearerFrom({ apiKey, env: ["COHERE_API_KEY", "CO_API_KEY"], provider: owner }),
    options,
  };
}
