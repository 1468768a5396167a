import type { CallOptions, Json, JsonObject, Start, Usage, Warning } from "@plugboard/core";
import type { WholeExchange } from "@plugboard/wire";
import { countOf, objectOf } from "@plugboard/wire";
import { bedrockFailures, bedrockRuntime, encodeSegment } from "@plugboard/wire/aws";
import type { BedrockOptions } from "./bedrock-options.ts";
import { provider } from "./provider.ts";

/** What is asked of a model, and how the answer is read. */
export interface Asked<Result> {
  readonly body: JsonObject;
  readonly request: CallOptions;
  readonly warnings?: readonly Warning[];
  /** @throws {ModelError} `parse` when it is not what the model answers */
  readonly whole: (body: Json, start: Pick<Start, "headers" | "warnings">) => Result;
}

/** A model of Bedrock's runtime, for what is answered in one body. */
export interface RuntimeModel {
  /** Where it is, for the fingerprint. */
  readonly place: string;
  /** One exchange with an operation of the model: `invoke`, `count-tokens`. */
  readonly exchange: <Result>(operation: string, asked: Asked<Result>) => WholeExchange<Result>;
}

/**
 * Where a model is asked, and how.
 *
 * @param named - what goes on the wire, where it is not the id that is called
 * @throws {ModelError} `invalid-request` for a base URL or a region that is none
 */
export function runtimeModel(id: string, options: BedrockOptions, named: string = id): RuntimeModel {
  const { place, endpoint, sign } = bedrockRuntime(id, options);
  return {
    place,
    exchange: (operation, asked) => ({
      provider,
      model: id,
      url: `${endpoint()}/model/${encodeSegment(named)}/${operation}`,
      sign,
      options,
      failures: bedrockFailures,
      warnings: [],
      ...asked,
    }),
  };
}

/** The tokens that an answer took: what its body tells, or else the header that Bedrock puts beside every answer of `invoke`. */
export function usageFrom(told: Json | undefined, headers: Start["headers"]): Usage {
  const input = countOf(told) ?? numberIn(headers?.["x-amzn-bedrock-input-token-count"]);
  return input === undefined ? {} : { input };
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** A body that is an object, or none. */
export function answerOf(body: Json): JsonObject {
  return objectOf(body) ?? {};
}
