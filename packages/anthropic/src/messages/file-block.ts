import type { FilePart } from "@plugboard/core";
import type { Block } from "./messages.ts";
import { ModelError } from "@plugboard/core";
import { toBase64 } from "@plugboard/wire";
import { ownData } from "./messages.ts";

const images = new Set(["image/jpeg", "image/png", "image/gif", "image/webp"]);

/**
 * The image or document block of a file.
 *
 * @param fetched - whether the platform fetches files that are named by a URL
 * @throws {ModelError} `unsupported`, with the media type and the accepted ones
 */
export function fileBlockOf(
  { mediaType, data, filename, providerData }: FilePart,
  path: string,
  fetched: boolean,
): Block {
  const own = ownData(providerData);
  // A file that Anthropic already holds: `providerData: { anthropic: { source: { type: "file", file_id } } }`.
  const type = mediaType.toLowerCase().split(";")[0]!.trim();
  const title = filename === undefined ? {} : { title: filename };
  if (data instanceof URL) {
    if (!fetched && own?.["source"] === undefined) {
      const message = `\`${path}\` is a file by its URL, which is not fetched here; give its bytes.`;
      throw new ModelError(message, { code: "unsupported" });
    }
    const source = { type: "url", url: data.href };
    if (images.has(type) || type === "image/*") return { type: "image", source, ...own };
    if (type === "application/pdf") return { type: "document", source, ...title, ...own };
  } else {
    if (images.has(type))
      return { type: "image", source: { type: "base64", media_type: type, data: toBase64(data) }, ...own };
    if (type === "application/pdf") {
      return { type: "document", source: { type: "base64", media_type: type, data: toBase64(data) }, ...title, ...own };
    }
    if (type.startsWith("text/") || type === "application/json") {
      const source = { type: "text", media_type: "text/plain", data: new TextDecoder().decode(data) };
      return { type: "document", source, ...title, ...own };
    }
  }
  const accepted = "image/jpeg, image/png, image/gif, image/webp and application/pdf, and text/* as bytes";
  throw new ModelError(`\`${path}\` is a file of the type ${mediaType}; Anthropic takes ${accepted}.`, {
    code: "unsupported",
  });
}
