import { ModelError } from "@plugboard/core";
import type { EmbeddingResult, Json, Start } from "@plugboard/core";
import { failureInBand, fromBase64 } from "@plugboard/wire";
import { isList, isObject } from "../shared/fields.ts";
import { readUsage } from "../shared/usage.ts";

/** What must be known of the request to read its answer. */
export interface EmbeddingDecoding {
  readonly provider: string;
  /** The model that was asked, for answers that do not name one. */
  readonly model: string;
}

/**
 * Reads vectors, in the order of the texts: lists of numbers, or base64 of 32-bit floats, little-endian.
 *
 * @throws {ModelError} an error sent with status 200; `parse` when there are no vectors in it
 */
export function decodeEmbedding(
  body: Json,
  decoding: EmbeddingDecoding,
  { headers, warnings = [] }: Pick<Start, "headers" | "warnings">,
): EmbeddingResult {
  if (!isObject(body)) throw unreadable(decoding, "it is not an object");
  const { data, model, usage, error } = body;
  if (error !== undefined && error !== null) throw failureInBand(error, decoding);
  if (!isList(data)) throw unreadable(decoding, "it has no `data`");

  const embeddings: (readonly number[])[] = [];
  data.forEach((item, position) => {
    if (!isObject(item)) throw unreadable(decoding, `\`data[${position}]\` is not an object`);
    // Servers of one's own may leave the index out; then they keep the order.
    const place = typeof item["index"] === "number" ? item["index"] : position;
    if (!(place in data) || embeddings[place])
      throw unreadable(decoding, `\`data[${position}].index\` cannot be ${place}`);
    embeddings[place] = vectorOf(item["embedding"], `data[${position}].embedding`, decoding);
  });
  return {
    model: typeof model === "string" && model !== "" ? model : decoding.model,
    embeddings,
    usage: isObject(usage) ? readUsage(usage) : {},
    warnings,
    ...(headers && { headers }),
  };
}

function vectorOf(value: Json | undefined, path: string, decoding: EmbeddingDecoding): readonly number[] {
  if (typeof value === "string") return floatsOf(value, path, decoding);
  if (!isList(value) || !value.every((number) => typeof number === "number")) {
    throw unreadable(decoding, `\`${path}\` is neither a list of numbers nor base64`);
  }
  return value;
}

function floatsOf(text: string, path: string, decoding: EmbeddingDecoding): readonly number[] {
  const bytes = fromBase64(text);
  if (bytes.length % 4 !== 0) throw unreadable(decoding, `\`${path}\` is no list of 32-bit floats`);
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / 4 }, (_, place) => view.getFloat32(place * 4, true));
}

function unreadable({ provider, model }: EmbeddingDecoding, how: string): ModelError {
  return new ModelError(`The answer of ${provider} has no embeddings: ${how}.`, { code: "parse", provider, model });
}
