import type { ApiKey } from "./key-from.ts";
import { keyFrom } from "./key-from.ts";

/** Ways to be let in at Azure. */
export interface AzureAuthorization {
  readonly apiKey?: ApiKey | undefined;
  /** A Microsoft Entra token; over the key. */
  readonly token?: ApiKey | undefined;
  /** The environment variables that hold the key where neither is given; of several, the first that is set. */
  readonly env: string | readonly string[];
  /** The header that carries the key. @default "api-key" */
  readonly header?: string;
  /** For the error. */
  readonly provider: string;
}

/**
 * The header that lets a call in at Azure: a Microsoft Entra token as a bearer's, or a key.
 *
 * @throws {ModelError} `auth` when there is neither
 */
export async function azureAuthorization(given: AzureAuthorization): Promise<Record<string, string>> {
  const { apiKey, token, env, header = "api-key", provider } = given;
  if (token === undefined) return { [header]: (await keyFrom({ apiKey, env, provider })).reveal() };
  const bearer = await keyFrom({ apiKey: token, env: "", option: "token", provider });
  return { authorization: `Bearer ${bearer.reveal()}` };
}
