import type { EmbeddingModel, EmbeddingRequest, EmbeddingResult, Warning } from "@plugboard/core";
import type { EmbeddingModelV4 } from "@ai-sdk/provider";
import type { FromAiSdkOptions } from "./from-ai-sdk.ts";
import { addUsage, defineEmbeddingModel } from "@plugboard/core";
import { keptHeaders } from "@plugboard/wire";
import { checkVersion } from "./check-version.ts";
import { readError } from "./errors.ts";
import type { Whose } from "./errors.ts";
import { providerOf } from "./provider-name.ts";
import { writeProviderOptions } from "./provider-options.ts";
import { readWarning } from "./warnings.ts";

/**
 * Any embedding model of an AI SDK provider as an `EmbeddingModel`. More texts than it takes at once go in several requests.
 *
 * @example
 * import { openai } from "@ai-sdk/openai";
 * const { embeddings } = await fromAiSdkEmbedding(openai.embedding("text-embedding-3-small")).embed(["a river"]);
 */
export function fromAiSdkEmbedding(
  model: EmbeddingModelV4,
  { provider = providerOf(model.provider), catalogId }: FromAiSdkOptions = {},
): EmbeddingModel {
  checkVersion(model, provider);
  const { maxEmbeddingsPerCall: most } = model;
  const whose: Whose = { provider, model: model.modelId };
  return defineEmbeddingModel({
    provider,
    id: model.modelId,
    catalogId,
    fingerprint: `ai-sdk:${model.provider}:${model.modelId}`,
    ...(typeof most === "number" && Number.isFinite(most) && { batch: { values: most } }),
    async call(request) {
      // Some know only later how many they take: those batches are one attempt.
      const size = typeof most === "number" ? Infinity : ((await most) ?? Infinity);
      let whole: EmbeddingResult | undefined;
      for (let begin = 0; begin < request.values.length; begin += size) {
        const some = await embed(model, { ...request, values: request.values.slice(begin, begin + size) }, whose);
        whole = whole
          ? {
              ...whole,
              embeddings: [...whole.embeddings, ...some.embeddings],
              usage: addUsage(whole.usage, some.usage),
            }
          : some;
      }
      return whole!;
    },
  });
}

async function embed(model: EmbeddingModelV4, request: EmbeddingRequest, whose: Whose): Promise<EmbeddingResult> {
  const { values, dimensions, purpose, providerOptions, signal, headers } = request;
  const warnings: Warning[] = [];
  if (purpose !== undefined) {
    const message =
      "The AI SDK has no word for what vectors are for; say it in the provider's own, in `providerOptions`.";
    warnings.push({ code: "dropped", path: "purpose", message });
  }
  try {
    const result = await model.doEmbed({
      values: [...values],
      ...(dimensions !== undefined && { dimensions }),
      ...(providerOptions && { providerOptions: writeProviderOptions(providerOptions) }),
      ...(signal && { abortSignal: signal }),
      ...(headers && { headers }),
    });
    return {
      model: whose.model,
      embeddings: result.embeddings,
      usage: result.usage ? { input: result.usage.tokens } : {},
      warnings: [...warnings, ...result.warnings.map(readWarning)],
      ...(result.response?.headers && { headers: keptHeaders(result.response.headers) }),
    };
  } catch (error) {
    throw readError(error, whose);
  }
}
