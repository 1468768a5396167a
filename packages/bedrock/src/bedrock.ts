import type { ProviderModel } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import type { WireOptions } from "@plugboard/wire";
import { checkBaseURL } from "@plugboard/wire";
import { converseModel } from "./converse/model.ts";
import { authorizationOf } from "./credentials.ts";
import type { CredentialOptions } from "./credentials.ts";
import { environment } from "./environment.ts";

/** What a model on Bedrock can be given. */
export interface BedrockOptions extends WireOptions, CredentialOptions {
  /** Where it is called, such as `us-east-1`. @default that of an ARN as the id, then `AWS_REGION`, then `AWS_DEFAULT_REGION` */
  readonly region?: string;
  /** A VPC endpoint or a proxy. @default "https://bedrock-runtime.<region>.amazonaws.com" */
  readonly baseURL?: string | URL;
  /** The model behind an ARN, such as `anthropic.claude-sonnet-4-5-20250929-v1:0`: prices, limits and what it takes are looked up by it. */
  readonly catalogId?: string;
}

/**
 * A model on Amazon Bedrock, asked through the Converse API.
 *
 * A call throws `auth` before anything is sent when there are no keys, `invalid-request` when there is no region, and `unsupported`
 * for what the Converse API cannot say: a `suffix`, a file of an unknown type or by a URL that is not of S3.
 *
 * @param id - of a model (`amazon.nova-lite-v1:0`) or an inference profile (`us.anthropic.claude-sonnet-4-5-20250929-v1:0`), or an ARN
 * @throws {ModelError} `invalid-request` for a base URL or a region that is none
 * @example
 * const model = bedrock("eu.amazon.nova-lite-v1:0", { region: "eu-central-1" }); // the keys are in the environment
 * const { content } = await model.generate("Why is the sky blue?");
 */
export function bedrock(id: string, options: BedrockOptions = {}): ProviderModel {
  const { catalogId } = options;
  const base = options.baseURL === undefined ? undefined : checkBaseURL(options.baseURL);
  const given = options.region ?? regionOfArn(id);
  if (given !== undefined) checkRegion(given, id);

  function region(): string {
    const found = given ?? environment("AWS_REGION") ?? environment("AWS_DEFAULT_REGION");
    if (found === undefined) {
      throw new ModelError("bedrock needs a region: give the option region, or set the variable AWS_REGION.", {
        code: "invalid-request",
        provider: "bedrock",
        model: id,
      });
    }
    checkRegion(found, id);
    return found;
  }

  return converseModel({
    id,
    catalogId,
    options,
    place: base ?? given ?? environment("AWS_REGION") ?? environment("AWS_DEFAULT_REGION") ?? "AWS_REGION",
    endpoint: () => base ?? endpointOf(region()),
    async sign(sent) {
      const authorization = await authorizationOf(options);
      return "headers" in authorization ? authorization.headers : authorization.sign(sent, region());
    },
  });
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
