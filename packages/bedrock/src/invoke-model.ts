import type { Json, JsonObject, Start, Usage, Warning } from "@plugboard/core";
import { countOf, objectOf } from "@plugboard/wire";
import type { PreparedWhole } from "@plugboard/wire";
import { bedrockFailures, bedrockRuntime, encodeSegment } from "@plugboard/wire/aws";
import type { BedrockOptions } from "./bedrock-options.ts";

/** What is asked of a model, and how the answer is read. */
interface Invocation<Result> {
  readonly body: JsonObject;
  readonly warnings: readonly Warning[];
  /** @throws {ModelError} `parse` when it is not what the model answers */
  readonly whole: (answer: JsonObject, headers: Start["headers"]) => Result;
}

/** A model that is asked in its own words, through InvokeModel. */
export interface InvokedModel {
  /** Where it is, for the fingerprint. */
  readonly place: string;
  readonly invocation: <Result>(asked: Invocation<Result>) => PreparedWhole<Result>;
}

/**
 * Where a model is asked, and how.
 *
 * @throws {ModelError} `invalid-request` for a base URL or a region that is none
 */
export function invokedModel(id: string, options: BedrockOptions): InvokedModel {
  const { place, endpoint, sign } = bedrockRuntime(id, options);
  return {
    place,
    invocation: ({ whole, ...asked }) => ({
      ...asked,
      url: `${endpoint()}/model/${encodeSegment(id)}/invoke`,
      sign,
      options,
      failures: bedrockFailures,
      whole: (body, { headers }) => whole(objectOf(body) ?? {}, headers),
    }),
  };
}

/** The tokens that an answer took: what its body tells, or else the header that Bedrock puts beside every answer. */
export function usageFrom(told: Json | undefined, headers: Start["headers"]): Usage {
  const input = countOf(told) ?? numberIn(headers?.["x-amzn-bedrock-input-token-count"]);
  return input === undefined ? {} : { input };
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
