import type { EmbeddingRequest, EmbeddingResult, Json } from "@plugboard/core";
import { objectAt, optionalNumber, refusedField, textAt, toBase64 } from "@plugboard/wire";
import type { AskedWhole, ServedWhole } from "@plugboard/wire/serve";
import { isList } from "../shared/fields.ts";
import { present } from "../shared/present.ts";
import { readBy } from "../shared/read-by.ts";
import { writeError } from "../shared/write-error.ts";

/** What a client asked, and how it wants the vectors written. */
interface AskedEmbedding extends AskedWhole<EmbeddingRequest> {
  readonly encoding: "float" | "base64";
}

/**
 * The embeddings protocol as its clients see it: texts, and their vectors as numbers or as base64. Members that we have no word for are
 * in `providerOptions`, as they came.
 *
 * @example
 * const protocol = embeddingsProtocol();
 * const asked = protocol.readRequest({ model: "text-embedding-3-small", input: ["a river"], encoding_format: "base64" });
 * const answer = protocol.writeResult(await model.embed(asked.request), asked);
 */
export function embeddingsProtocol(): ServedWhole<EmbeddingRequest, EmbeddingResult> {
  return { name: "embeddings", readBy, readRequest, writeResult, writeError };
}

function readRequest(body: Json): AskedEmbedding {
  const { model, input, encoding_format: encoding, dimensions, ...others } = objectAt(body, "body");
  if (encoding !== undefined && encoding !== null && encoding !== "float" && encoding !== "base64")
    throw refusedField("encoding_format", "float or base64", encoding);
  const rest = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== null));
  const settings = present({
    dimensions: optionalNumber(dimensions, "dimensions"),
    providerOptions: Object.keys(rest).length > 0 ? { openai: rest } : undefined,
  });
  return {
    model: textAt(model, "model"),
    request: { values: readInput(input), ...settings },
    encoding: encoding ?? "float",
  };
}

/** Texts; the protocol knows tokens of its own models, too. */
function readInput(input: Json | undefined): readonly string[] {
  const texts = isList(input) ? input : [input];
  if (texts.length === 0 || !texts.every((text) => typeof text === "string"))
    throw refusedField("input", "text, or a list of texts", input);
  return texts;
}

function writeResult(result: EmbeddingResult, asked: AskedWhole<EmbeddingRequest>): Json {
  const { embeddings, model, usage } = result;
  const encoded = "encoding" in asked && asked.encoding === "base64";
  const { input = 0 } = usage;
  return {
    object: "list",
    data: embeddings.map((vector, index) => ({
      object: "embedding",
      index,
      embedding: encoded ? base64Of(vector) : [...vector],
    })),
    model: model || asked.model,
    usage: { prompt_tokens: input, total_tokens: input },
  };
}

/** 32-bit floats, little-endian. */
function base64Of(vector: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(vector.length * 4));
  vector.forEach((number, place) => view.setFloat32(place * 4, number, true));
  return toBase64(new Uint8Array(view.buffer));
}
