import type { EmbeddingResult, Json, JsonObject, Start } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { countOf, failureInBand, listOf, objectOf } from "@plugboard/wire";
import type { EncodedEmbedding } from "./encode.ts";

/** What must be known of the request to read its answer. */
export interface EmbeddingDecoding {
  readonly provider: string;
  /** Google does not say who answered: it is the one that was asked. */
  readonly model: string;
  readonly method: EncodedEmbedding["method"];
}

/**
 * Reads vectors, in the order of the texts.
 *
 * @throws {ModelError} an error sent with status 200; `parse` when there are no vectors in it
 */
export function decodeEmbedding(
  body: Json,
  decoding: EmbeddingDecoding,
  { headers, warnings = [] }: Pick<Start, "headers" | "warnings">,
): EmbeddingResult {
  const { provider, model, method } = decoding;
  const answer = objectOf(body);
  if (!answer) throw unreadable(decoding, "it is not an object");
  if (answer["error"] !== undefined && answer["error"] !== null) throw failureInBand(body, { provider, model });

  const input =
    method === "predict" ? predictedTokens(answer) : countOf(objectOf(answer["usageMetadata"])?.["promptTokenCount"]);
  return {
    model,
    embeddings: vectorsIn(answer, decoding),
    usage: input === undefined ? {} : { input },
    warnings,
    ...(headers && { headers }),
  };
}

function vectorsIn(answer: JsonObject, decoding: EmbeddingDecoding): (readonly number[])[] {
  if (decoding.method === "embedContent") return [vectorAt(answer["embedding"], "embedding", decoding)];
  const [list, within] = decoding.method === "predict" ? ["predictions", ".embeddings"] : ["embeddings", ""];
  if (!Array.isArray(answer[list])) throw unreadable(decoding, `it has no \`${list}\``);
  return listOf(answer[list]).map((item, place) => {
    const value = within === "" ? item : objectOf(item)?.["embeddings"];
    return vectorAt(value, `${list}[${place}]${within}`, decoding);
  });
}

function vectorAt(value: Json | undefined, path: string, decoding: EmbeddingDecoding): readonly number[] {
  const values = objectOf(value)?.["values"];
  const vector = listOf(values);
  if (!Array.isArray(values) || !vector.every((number) => typeof number === "number")) {
    throw unreadable(decoding, `\`${path}.values\` is no list of numbers`);
  }
  return vector;
}

/** Vertex AI counts each text. A sum of which a part was not told is not known. */
function predictedTokens(answer: JsonObject): number | undefined {
  let sum = 0;
  for (const item of listOf(answer["predictions"])) {
    const count = countOf(objectOf(objectOf(objectOf(item)?.["embeddings"])?.["statistics"])?.["token_count"]);
    if (count === undefined) return undefined;
    sum += count;
  }
  return sum;
}

function unreadable({ provider, model }: EmbeddingDecoding, how: string): ModelError {
  return new ModelError(`The answer of ${provider} has no embeddings: ${how}.`, { code: "parse", provider, model });
}
