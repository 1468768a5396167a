import type { Json, JsonObject, TokenCount } from "@plugboard/core";
import { countAt, only } from "@plugboard/wire";

/** What of a request is counted. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseTokensRequest.html */
const counted = ["messages", "system", "toolConfig", "additionalModelRequestFields"] as const;

/** A request to be counted, of the body of a call. */
export function encodeCount(body: JsonObject): JsonObject {
  return { input: { converse: only(body, counted) } };
}

/**
 * The model that is asked to count. CountTokens knows no inference profiles, only models: `us.amazon.nova-lite-v1:0` is
 * `amazon.nova-lite-v1:0` there.
 */
export function countedModel(id: string): string {
  return id.replace(/^(arn:.*\/)?(us-gov|us|eu|apac|ap|jp|au|ca|sa|global)\./, "");
}

/** @throws {ModelError} `parse` where the answer has no count */
export function decodeCount(answer: Json): TokenCount {
  return { tokens: countAt(answer, "inputTokens"), bound: "exact" };
}
