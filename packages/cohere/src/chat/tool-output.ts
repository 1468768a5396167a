import type { Json, JsonObject, ToolResultPart } from "@plugboard/core";
import type { Writing } from "./writing.ts";
import { objectOf, stringOf } from "@plugboard/wire";
import { documentOf, imageOf } from "./files.ts";

/** What a tool gave back, and the images in it, which have no place there. */
export interface WrittenOutput {
  readonly content: string | JsonObject[];
  readonly images: readonly JsonObject[];
}

/**
 * A result in Cohere's words. Objects become documents, a list of them one each, so that an answer can cite them apart; a failure says
 * so in words.
 *
 * @throws {ModelError} `unsupported` for a file that is neither an image nor text
 */
export function writeOutput({ output, isError }: ToolResultPart, path: string, { model }: Writing): WrittenOutput {
  if (typeof output === "string") return { content: isError ? failed(output) : output, images: [] };
  const blocks: JsonObject[] = [];
  const images: JsonObject[] = [];
  output.forEach((part, place) => {
    if (part.type === "text") {
      if (part.text !== "") blocks.push({ type: "text", text: part.text });
      return;
    }
    if (part.type === "json") {
      blocks.push(...blocksOf(part.value));
      return;
    }
    const image = imageOf(part);
    if (image) images.push(image);
    else blocks.push({ type: "document", document: documentOf(part, `${path}.output[${place}]`, model) });
  });
  if (images.length > 0)
    blocks.push({ type: "text", text: images.length === 1 ? "(An image follows.)" : "(Images follow.)" });

  const [first] = blocks;
  if (isError) {
    const said = stringOf(first?.["text"]) ?? "";
    if (said === "") blocks.unshift({ type: "text", text: failed("") });
    else blocks[0] = { type: "text", text: failed(said) };
  }
  return { content: blocks.length > 0 ? blocks : "", images };
}

function blocksOf(value: Json): JsonObject[] {
  const objects = (Array.isArray(value) ? (value as readonly Json[]) : [value]).map(objectOf);
  const documents = objects.filter((object) => object !== undefined);
  if (documents.length < objects.length || documents.length === 0) {
    return [{ type: "text", text: JSON.stringify(value) }];
  }
  return documents.map((data) => ({ type: "document", document: { data } }));
}

function failed(text: string): string {
  if (text === "") return "Error: the tool failed.";
  return /^error/i.test(text) ? text : `Error: ${text}`;
}
