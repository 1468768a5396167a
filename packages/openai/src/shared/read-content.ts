import type { FilePart, Json } from "@plugboard/core";
import { fromBase64, objectAt, refusedField, textAt } from "@plugboard/wire";
import { isList } from "./fields.ts";

/** Text, or a list of pieces of text. */
export function textOfContent(content: Json | undefined, path: string): string {
  if (!isList(content)) return textAt(content, path);
  return content
    .map((piece, place) => textAt(objectAt(piece, `${path}[${place}]`)["text"], `${path}[${place}].text`))
    .join("");
}

/** A `data:` URL becomes bytes; any other is passed on. */
export function readURL(url: string, path: string, mediaType: string): FilePart {
  const inline = /^data:([^;,]+)(?:;[^;,]+)*;base64,/.exec(url);
  if (inline) return { type: "file", mediaType: inline[1]!, data: bytesAt(url.slice(inline[0].length), path) };
  const parsed = URL.parse(url);
  if (!parsed) throw refusedField(path, "a URL", url);
  return { type: "file", mediaType, data: parsed };
}

/** @throws {ModelError} `invalid-request` for anything but base64 */
export function bytesAt(base64: string, path: string): Uint8Array {
  try {
    return fromBase64(base64);
  } catch {
    throw refusedField(path, "base64", base64.slice(0, 20));
  }
}
