import type { Json, ModelRequest, TokenCount } from "@plugboard/core";
import { ModelError, askedRequest } from "@plugboard/core";
import { countOf, exchangeWhole } from "@plugboard/wire";
import type { BedrockOptions } from "../bedrock-options.ts";
import { answerOf, runtimeModel } from "../runtime-model.ts";
import { provider } from "../provider.ts";
import { encodeConverse } from "./encode.ts";

/** What of a request is counted. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseTokensRequest.html */
const counted = ["messages", "system", "toolConfig", "additionalModelRequestFields"] as const;

/**
 * Counts the input tokens of a request by CountTokens, which takes the model itself and no inference profile: the geography before the
 * id is left out, and behind an ARN it is the model that the catalogue knows.
 *
 * @throws {ModelError} `invalid-request` for a model that does not count, as Bedrock says it
 */
export async function countConverseTokens(
  id: string,
  options: BedrockOptions,
  asked: ModelRequest | string,
): Promise<TokenCount> {
  const request = askedRequest(asked);
  const known = options.catalogId ?? id;
  const { body } = encodeConverse(request, known);
  const converse: Record<string, Json> = {};
  for (const name of counted) if (body[name] !== undefined) converse[name] = body[name];

  const { exchange } = runtimeModel(id, options, known.replace(/^(us-gov|us|eu|apac|ap|jp|au|ca|sa|global)\./, ""));
  return exchangeWhole(
    exchange("count-tokens", {
      body: { input: { converse } },
      request,
      whole(wire) {
        const tokens = countOf(answerOf(wire)["inputTokens"]);
        if (tokens !== undefined) return { tokens, bound: "exact" } as const;
        throw new ModelError("Bedrock's answer has no `inputTokens`.", { code: "parse", provider, model: id });
      },
    }),
  );
}
