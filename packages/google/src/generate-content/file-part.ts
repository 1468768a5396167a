import type { FilePart } from "@plugboard/core";
import type { WirePart } from "./messages.ts";
import { ModelError } from "@plugboard/core";
import { held, inline, ownData } from "./messages.ts";

const documents = new Set(["application/pdf", "application/rtf", "application/x-javascript", "application/x-python"]);

/**
 * The part of a file that the user sends.
 *
 * @throws {ModelError} `unsupported`, with the media type and the accepted ones
 */
export function wireFileOf({ mediaType, data, providerData }: FilePart, path: string): WirePart {
  const type = mediaType.toLowerCase().split(";")[0]!.trim();
  const own = ownData(providerData);
  if (data instanceof URL) return { fileData: held(type, data), ...own };
  // JSON is text that Google has no name for.
  const taken = type === "application/json" || type.endsWith("+json") ? "text/plain" : type;
  if (/^(image|audio|video|text)\/[^*]+$/.test(taken) || documents.has(taken)) {
    return { inlineData: inline(taken, data), ...own };
  }
  const accepted = "image/*, audio/*, video/*, text/*, application/json and application/pdf, each by its full name";
  throw new ModelError(`\`${path}\` is a file of the type ${mediaType}; Google takes ${accepted}.`, {
    code: "unsupported",
  });
}
