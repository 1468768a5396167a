import { ModelError } from "@plugboard/core";
import { environment } from "../environment.ts";
import type { SentRequest } from "../exchange.ts";
import type { ApiKey } from "../key-from.ts";
import { bearerFrom } from "../key-from.ts";
import { Secret } from "../secret.ts";
import { signRequest } from "./sign-request.ts";

/** Keys of AWS, long-lived or temporary. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string;
}

/** Ways to say who calls; the first of these that is there counts, and then the environment. */
export interface CredentialOptions {
  /** A Bedrock API key, or how to get one; asked at every call. @default `AWS_BEARER_TOKEN_BEDROCK`, read at every call */
  readonly apiKey?: ApiKey;
  /** How to get keys that change: asked at every call, so keep them as long as they are good. */
  readonly credentials?: () => AwsCredentials | Promise<AwsCredentials>;
  /** @default `AWS_ACCESS_KEY_ID`, read at every call */
  readonly accessKeyId?: string;
  /** @default `AWS_SECRET_ACCESS_KEY` */
  readonly secretAccessKey?: string;
  /** Of temporary credentials. @default `AWS_SESSION_TOKEN`, where the keys are from the environment too */
  readonly sessionToken?: string;
}

/** How a call says who it is: a header, or a signature over what is sent. */
export type Authorization =
  | { readonly headers: Readonly<Record<string, string>> }
  | { readonly sign: (sent: SentRequest, region: string) => Promise<Readonly<Record<string, string>>> };

const provider = "bedrock";
const keyVariable = "AWS_BEARER_TOKEN_BEDROCK";

/**
 * Who calls, by the options or else the environment.
 *
 * @throws {ModelError} `auth` that names what is missing
 */
export async function authorizationOf(options: CredentialOptions): Promise<Authorization> {
  if (options.apiKey !== undefined) return bearer(options.apiKey);
  if (options.credentials) return signing(await asked(options.credentials));
  const { accessKeyId, secretAccessKey } = options;
  if (accessKeyId !== undefined || secretAccessKey !== undefined) {
    if (accessKeyId === undefined) throw missing("secretAccessKey is given without accessKeyId.");
    if (secretAccessKey === undefined) throw missing("accessKeyId is given without secretAccessKey.");
    return signing({ ...options, accessKeyId, secretAccessKey });
  }
  if (environment(keyVariable) !== undefined) return bearer(undefined);

  const [id, secret] = [environment("AWS_ACCESS_KEY_ID"), environment("AWS_SECRET_ACCESS_KEY")];
  if (id === undefined || secret === undefined) {
    throw missing(
      `${provider} needs a key: give the option apiKey, accessKeyId with secretAccessKey, or credentials; or set the variable ${keyVariable}, or AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY.`,
    );
  }
  const token = environment("AWS_SESSION_TOKEN");
  return signing({ accessKeyId: id, secretAccessKey: secret, ...(token !== undefined && { sessionToken: token }) });
}

async function bearer(apiKey: ApiKey | undefined): Promise<Authorization> {
  return { headers: await bearerFrom({ apiKey, env: keyVariable, provider }) };
}

async function asked(credentials: () => AwsCredentials | Promise<AwsCredentials>): Promise<AwsCredentials> {
  try {
    return await credentials();
  } catch (error) {
    throw ModelError.from(error, { code: "auth", provider });
  }
}

function signing({ accessKeyId, secretAccessKey, sessionToken }: AwsCredentials): Authorization {
  const id = secretOf(accessKeyId, "accessKeyId");
  const secret = secretOf(secretAccessKey, "secretAccessKey");
  const token = sessionToken === undefined ? undefined : secretOf(sessionToken, "sessionToken");
  return {
    sign: ({ method, url, headers, body }, region) =>
      signRequest({
        method,
        url,
        headers: signedOf(headers),
        body,
        keys: {
          accessKeyId: id.reveal(),
          secretAccessKey: secret.reveal(),
          sessionToken: token?.reveal(),
        },
        region,
        service: "bedrock",
        date: new Date(),
      }),
  };
}

/** Proxies may change the others on the way. */
function signedOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name === "content-type" || name.startsWith("x-amz")),
  );
}

function secretOf(value: string, name: string): Secret {
  try {
    return new Secret(value, name);
  } catch (error) {
    throw missing((error as ModelError).message);
  }
}

function missing(message: string): ModelError {
  return new ModelError(message, { code: "auth", provider });
}
