import { ModelError } from "@plugboard/core";
import { environment } from "./environment.ts";
import { Secret } from "./secret.ts";

/** A key, or how to get one: asked at every call, so that it can be rotated. */
export type ApiKey = string | Secret | (() => string | Secret | Promise<string | Secret>);

/** Where a key may come from. */
export interface KeySource {
  readonly apiKey?: ApiKey | undefined;
  /** The environment variable that holds the key where `apiKey` is not given; of several, the first that is set. */
  readonly env: string | readonly string[];
  /** What the application calls `apiKey`, for the error. @default "apiKey" */
  readonly option?: string;
  /** For the error. */
  readonly provider: string;
}

/**
 * The key to send with this call, from the option or else the environment.
 *
 * @throws {ModelError} `auth` when there is none, or none that a header can carry; it names the option and the variable
 * @example
 * const key = await keyFrom({ apiKey, env: "ACME_API_KEY", provider: "acme" });
 * const headers = { authorization: `Bearer ${key.reveal()}` };
 */
export async function keyFrom({ apiKey, env, provider, option = "apiKey" }: KeySource): Promise<Secret> {
  const given = typeof apiKey === "function" ? await asked(apiKey, provider) : apiKey;
  if (given instanceof Secret) return given;
  if (given !== undefined) return secretOf(given, option, provider);

  const variables = [env].flat();
  for (const name of variables) {
    const found = environment(name);
    if (found !== undefined) return secretOf(found, name, provider);
  }
  const listed = variables.join(" or ");
  throw new ModelError(`${provider} needs a key: give the option ${option}, or set the variable ${listed}.`, {
    code: "auth",
    provider,
  });
}

/**
 * The header that lets a call in with a key as a bearer's.
 *
 * @throws {ModelError} `auth`, as `keyFrom` does
 * @example
 * const authorize = () => bearerFrom({ apiKey, env: "ACME_API_KEY", provider: "acme" });
 */
export async function bearerFrom(source: KeySource): Promise<{ readonly authorization: string }> {
  const key = await keyFrom(source);
  return { authorization: `Bearer ${key.reveal()}` };
}

async function asked(
  apiKey: () => string | Secret | Promise<string | Secret>,
  provider: string,
): Promise<string | Secret> {
  try {
    return await apiKey();
  } catch (error) {
    throw ModelError.from(error, { code: "auth", provider });
  }
}

function secretOf(value: string, name: string, provider: string): Secret {
  try {
    return new Secret(value, name);
  } catch (error) {
    throw new ModelError((error as ModelError).message, { code: "auth", provider });
  }
}
