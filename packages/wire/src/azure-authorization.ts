import type { ApiKey } from "./key-from.ts";
import { bearerFrom, keyFrom } from "./key-from.ts";

/** Ways to be let in at Azure. */
export interface AzureAuthorization {
  readonly apiKey?: ApiKey | undefined;
  /** A Microsoft Entra token; over the key. */
  readonly token?: ApiKey | undefined;
  /** The environment variables that hold the key where neither is given; of several, the first that is set. */
  readonly env: string | readonly string[];
  /** The header that carries the key; in `authorization` it is a bearer's. @default "api-key" */
  readonly header?: "api-key" | "x-api-key" | "authorization";
  /** For the error. */
  readonly provider: string;
}

/**
 * The header that lets a call in at Azure: a Microsoft Entra token as a bearer's, or a key.
 *
 * @throws {ModelError} `auth` when there is neither
 */
export async function azureAuthorization(given: AzureAuthorization): Promise<Readonly<Record<string, string>>> {
  const { apiKey, token, env, header = "api-key", provider } = given;
  if (token !== undefined) return bearerFrom({ apiKey: token, env: "", option: "token", provider });
  if (header === "authorization") return bearerFrom({ apiKey, env, provider });
  return { [header]: (await keyFrom({ apiKey, env, provider })).reveal() };
}
