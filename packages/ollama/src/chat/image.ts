import type { FilePart } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { fromBase64, toBase64 } from "@plugboard/wire";

/** The first bytes of the image formats, in base64: Ollama sends and takes images without their type. */
const mediaTypes = [
  ["iVBORw0KGgo", "image/png"],
  ["/9j/", "image/jpeg"],
  ["R0lGOD", "image/gif"],
  ["UklGR", "image/webp"],
] as const;

/** Whether it is what Ollama takes: the bytes of an image. */
export function isImage({ mediaType, data }: FilePart): boolean {
  return mediaType.startsWith("image/") && data instanceof Uint8Array;
}

/**
 * A file as Ollama takes it: the base64 of an image.
 *
 * @throws {ModelError} `unsupported`, for anything but the bytes of an image
 */
export function writeImage({ mediaType, data }: FilePart, path: string): string {
  if (!mediaType.startsWith("image/")) {
    throw new ModelError(`Ollama takes images (image/png, image/jpeg, image/webp); \`${path}\` is ${mediaType}.`, {
      code: "unsupported",
      provider: "ollama",
    });
  }
  if (data instanceof URL) {
    throw new ModelError(`Ollama takes the bytes of an image; \`${path}\` is a URL, and URLs are never fetched here.`, {
      code: "unsupported",
      provider: "ollama",
    });
  }
  return toBase64(data);
}

/**
 * An image of Ollama's as a file.
 *
 * @throws {ModelError} `parse`, when it is not base64
 */
export function readImage(text: string): FilePart {
  const mediaType = mediaTypes.find(([prefix]) => text.startsWith(prefix))?.[1] ?? "image/png";
  return { type: "file", mediaType, data: fromBase64(text) };
}
