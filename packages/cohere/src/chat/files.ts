import type { FilePart, JsonObject } from "@plugboard/core";
import { dataURL } from "@plugboard/wire";
import { unsupported } from "./writing.ts";

const images = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"]);

/** The block of an image; `undefined` for another file. */
export function imageOf({ mediaType, data }: FilePart): JsonObject | undefined {
  const type = typeOf(mediaType);
  if (!images.has(type) && !(data instanceof URL && type === "image/*")) return undefined;
  return { type: "image_url", image_url: { url: data instanceof URL ? data.href : dataURL(type, data) } };
}

/**
 * The text of a file as a document, which an answer can cite.
 *
 * @throws {ModelError} `unsupported`, with the media type and the accepted ones
 */
export function documentOf({ mediaType, data, filename }: FilePart, path: string, model: string): JsonObject {
  const type = typeOf(mediaType);
  if (data instanceof URL || !(type.startsWith("text/") || type === "application/json")) {
    const accepted = "image/png, image/jpeg, image/webp and image/gif, and text/* and application/json as bytes";
    throw unsupported(`\`${path}\` is a file of the type ${mediaType}; Cohere takes ${accepted}.`, model);
  }
  return { data: { ...(filename !== undefined && { title: filename }), text: new TextDecoder().decode(data) } };
}

function typeOf(mediaType: string): string {
  return mediaType.toLowerCase().split(";")[0]!.trim();
}
