import type { Model, ModelRequest, ModelResult, Warning } from "@plugboard/core";
import type { LanguageModelV4, LanguageModelV4GenerateResult } from "@ai-sdk/provider";
import { ModelReply, defineModel, toolCallsOf } from "@plugboard/core";
import { keptHeaders } from "@plugboard/wire";
import { readContent } from "./content.ts";
import { checkVersion } from "./check-version.ts";
import { readError } from "./errors.ts";
import type { Whose } from "./errors.ts";
import { failureOfFinish, readFinish } from "./finish.ts";
import { providerOf } from "./provider-name.ts";
import { StreamReader } from "./read-stream.ts";
import { readWarning } from "./warnings.ts";
import { writeCall } from "./write-call.ts";

/** What a model of the AI SDK does not say of itself. */
export interface FromAiSdkOptions {
  /** Who is called and billed, as the catalogue has it. @default the AI SDK's name up to its first dot: `openai` of `openai.responses` */
  readonly provider?: string;
  /** The catalogue's name of the model, where its id is not one. */
  readonly catalogId?: string;
}

/**
 * Any model of an AI SDK provider as a `Model`: behind retry, fallback, cache and budget like every other.
 *
 * Data of providers (signatures of thoughts, ids of items, cache marks) goes both ways; what the AI SDK has no word for is in the
 * warnings. An adapter of ours also bounds how long it waits for headers and between events; a model of the AI SDK has no such clocks,
 * so put `timeout({ first, idle })` in front of it.
 *
 * @throws {ModelError} of its calls: what went wrong, by the status and body of the AI SDK's error
 * @example
 * import { mistral } from "@ai-sdk/mistral";
 * const model = fromAiSdk(mistral("mistral-large-latest")).with(timeout({ first: 20_000, idle: 10_000 }), retry());
 */
export function fromAiSdk(
  model: LanguageModelV4,
  { provider = providerOf(model.provider), catalogId }: FromAiSdkOptions = {},
): Model {
  checkVersion(model, provider);
  const whose: Whose = { provider, model: model.modelId };
  return defineModel({
    provider,
    id: model.modelId,
    catalogId,
    fingerprint: `ai-sdk:${model.provider}:${model.modelId}`,
    call: (request) => ask(model, request, whose),
  });
}

async function ask(model: LanguageModelV4, request: ModelRequest, whose: Whose): Promise<ModelReply> {
  const { options, warnings } = writeCall(request);
  if (!request.stream) {
    let result;
    try {
      result = await model.doGenerate(options);
    } catch (error) {
      throw readError(error, whose);
    }
    return ModelReply.of(readResult(result, whose, warnings));
  }
  let result;
  try {
    result = await model.doStream(options);
  } catch (error) {
    throw readError(error, whose);
  }
  return ModelReply.open(new StreamReader(result, whose, warnings));
}

/** A whole answer of theirs. */
function readResult(result: LanguageModelV4GenerateResult, whose: Whose, warnings: readonly Warning[]): ModelResult {
  const { response: { modelId = whose.model, id, timestamp, headers } = {} } = result;
  const content = result.content.flatMap((piece) => readContent(piece) ?? []);
  const read: ModelResult = {
    model: modelId,
    ...(id !== undefined && { id }),
    ...(timestamp && { created: timestamp.getTime() }),
    ...(headers && { headers: keptHeaders(headers) }),
    content,
    ...withWarnings(readFinish(result, toolCallsOf({ content }).length > 0), [
      ...warnings,
      ...result.warnings.map(readWarning),
    ]),
  };
  const failure = failureOfFinish(result.finishReason, whose);
  if (failure) {
    failure.partial = read;
    throw failure;
  }
  return read;
}

function withWarnings(
  finish: ReturnType<typeof readFinish>,
  warnings: readonly Warning[],
): Omit<ModelResult, "model" | "content"> {
  return { ...finish, warnings: finish.warnings ? [...warnings, ...finish.warnings] : warnings };
}
