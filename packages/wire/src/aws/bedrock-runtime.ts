import { ModelError } from "@plugboard/core";
import { checkBaseURL } from "../base-url.ts";
import { environment } from "../environment.ts";
import type { SentRequest } from "../exchange.ts";
import type { CredentialOptions } from "./credentials.ts";
import { authorizationOf } from "./credentials.ts";

/** Where Bedrock is called, and by whom. */
export interface BedrockAccess extends CredentialOptions {
  /** Where it is called, such as `us-east-1`. @default that of an ARN as the id, then `AWS_REGION`, then `AWS_DEFAULT_REGION` */
  readonly region?: string;
  /** A VPC endpoint or a proxy. @default "https://bedrock-runtime.<region>.amazonaws.com" */
  readonly baseURL?: string | URL;
}

/** How calls of one model reach Bedrock. */
export interface BedrockRuntime {
  /** Where it is, for the fingerprint. */
  readonly place: string;
  /** Found out for every call. @throws {ModelError} `invalid-request` when there is no region */
  readonly endpoint: () => string;
  /** The headers that let a request in, asked for at every call. @throws {ModelError} `auth` when there are no keys */
  readonly sign: (sent: SentRequest) => Promise<Readonly<Record<string, string>>>;
}

/**
 * Where a model on Bedrock is, and how its requests are let in: by a bearer key, or a signature of Version 4.
 *
 * @param model - its id, an inference profile's or an ARN, which may tell the region
 * @throws {ModelError} `invalid-request` for a base URL or a region that is none
 * @example
 * const { endpoint, sign } = bedrockRuntime("us.amazon.nova-2-lite-v1:0", { region: "us-east-1" });
 */
export function bedrockRuntime(model: string, access: BedrockAccess): BedrockRuntime {
  const base = access.baseURL === undefined ? undefined : checkBaseURL(access.baseURL);
  const given = access.region ?? regionOfArn(model);
  if (given !== undefined) checkRegion(given, model);

  function region(): string {
    const found = given ?? usualRegion();
    if (found === undefined) {
      throw new ModelError("bedrock needs a region: give the option region, or set the variable AWS_REGION.", {
        code: "invalid-request",
        provider: "bedrock",
        model,
      });
    }
    checkRegion(found, model);
    return found;
  }

  return {
    place: base ?? given ?? usualRegion() ?? "AWS_REGION",
    endpoint: () => base ?? endpointOf(region()),
    async sign(sent) {
      const authorization = await authorizationOf(access);
      return "headers" in authorization ? authorization.headers : authorization.sign(sent, region());
    },
  };
}

function usualRegion(): string | undefined {
  return environment("AWS_REGION") ?? environment("AWS_DEFAULT_REGION");
}

function endpointOf(region: string): string {
  return `https://bedrock-runtime.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}

function regionOfArn(id: string): string | undefined {
  return id.startsWith("arn:") ? id.split(":")[3] || undefined : undefined;
}

/** It becomes part of a host's name. */
function checkRegion(region: string, model: string): void {
  if (/^[a-z0-9]+(-[a-z0-9]+)+$/.test(region)) return;
  throw new ModelError(`region is ${JSON.stringify(region.slice(0, 40))}; give one like us-east-1.`, {
    code: "invalid-request",
    provider: "bedrock",
    model,
  });
}
