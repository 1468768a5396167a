import type { EmbeddingModel, EmbeddingPurpose, Json, Warning } from "@plugboard/core";
import type { EmbeddingModelV4 } from "@ai-sdk/provider";
import type { ToAiSdkOptions } from "./to-ai-sdk.ts";
import { writeError } from "./errors.ts";
import { plainOf, writeMetadata } from "./metadata.ts";
import { readProviderOptions } from "./provider-options.ts";
import { writeWarning } from "./warnings.ts";

const purposes: ReadonlySet<unknown> = new Set<EmbeddingPurpose>([
  "query",
  "document",
  "similarity",
  "classification",
  "clustering",
]);

/**
 * Any `EmbeddingModel` as one of the AI SDK, for `embed` and `embedMany`. What vectors are for is said per call, in
 * `providerOptions.plugboard.purpose`.
 *
 * @example
 * import { embedMany } from "ai";
 * const { embeddings } = await embedMany({ model: toAiSdkEmbedding(cohereEmbedding("embed-v4.0")), values: ["a river"] });
 */
export function toAiSdkEmbedding(
  model: EmbeddingModel,
  { tags, notify }: Omit<ToAiSdkOptions, "supportedUrls"> = {},
): EmbeddingModelV4 {
  return {
    specificationVersion: "v4",
    provider: model.provider,
    modelId: model.id,
    // As many as you like: they go in batches.
    maxEmbeddingsPerCall: undefined,
    supportsParallelCalls: true,
    async doEmbed({ values, dimensions, abortSignal, headers, providerOptions }) {
      const warnings: Warning[] = [];
      const read = readProviderOptions(providerOptions, (warning) => void warnings.push(warning));
      const { purpose } = read.kept;
      let result;
      try {
        result = await model.embed({
          values,
          ...(dimensions !== undefined && { dimensions }),
          ...(isPurpose(purpose) && { purpose }),
          ...(read.providerOptions && { providerOptions: read.providerOptions }),
          ...(abortSignal && { signal: abortSignal }),
          ...(headers && { headers }),
          ...(tags && { tags }),
          ...(notify && { notify }),
        });
      } catch (error) {
        throw writeError(error, abortSignal);
      }
      const { usage, cost, attempts, headers: kept } = result;
      const providerMetadata = writeMetadata(
        undefined,
        plainOf({ usage, model: result.model, ...(cost && { cost }), ...(attempts && { attempts }) }),
      );
      return {
        embeddings: result.embeddings.map((vector) => Array.from(vector)),
        ...(usage.input !== undefined && { usage: { tokens: usage.input } }),
        ...(providerMetadata && { providerMetadata }),
        ...(kept && { response: { headers: kept } }),
        warnings: [...warnings, ...result.warnings].map(writeWarning),
      };
    },
  };
}

function isPurpose(value: Json | undefined): value is EmbeddingPurpose {
  return purposes.has(value);
}
