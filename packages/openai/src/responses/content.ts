import type { FilePart, Json, JsonObject, JsonPart, TextPart } from "@plugboard/core";
import { dataURL, mergeProviderOptions } from "@plugboard/wire";
import { ownData, reads, unsupported } from "../shared/writing.ts";
import type { ResponsesWriting } from "./writing.ts";

/** What a user or a tool says, in pieces. */
export function writeContent(
  parts: readonly (TextPart | FilePart | JsonPart)[],
  path: string,
  writing: ResponsesWriting,
): JsonObject[] {
  return parts.map((part, place) => {
    if (part.type === "json") return { type: "input_text", text: JSON.stringify(part.value) };
    const at = `${path}[${place}]`;
    const own = ownData(part, at, writing);
    const written =
      part.type === "text" ? { type: "input_text", text: part.text } : writeFile(part, at, writing, own ?? {});
    return own ? mergeProviderOptions(written, withoutItem(own)) : written;
  });
}

/** Data for a piece, without the item of an answer that it came from. */
function withoutItem({ item: _, refusal: __, ...rest }: JsonObject): JsonObject {
  return rest;
}

function writeFile(part: FilePart, path: string, writing: ResponsesWriting, own: JsonObject): JsonObject {
  const { dialect } = writing;
  const { data, filename } = part;
  const mediaType = part.mediaType.toLowerCase();
  const isImage = mediaType.startsWith("image/");
  // A file that was uploaded before: its id says it all.
  if (typeof own["file_id"] === "string") return { type: isImage ? "input_image" : "input_file" };

  if (!reads(dialect, part)) {
    const accepted = dialect.files ?? ["image/png", "image/jpeg", "image/gif", "image/webp"];
    throw unsupported(
      writing,
      `\`${path}\` is of type ${mediaType}, which ${dialect.provider} does not read here; it reads ${accepted.join(", ") || "no files"}.`,
    );
  }
  if (isImage) return { type: "input_image", image_url: data instanceof URL ? data.href : dataURL(mediaType, data) };
  if (data instanceof URL) {
    if (dialect.fileURLs) return { type: "input_file", file_url: data.href };
    throw unsupported(writing, `\`${path}\` is a URL; ${dialect.provider} wants the bytes of such a file.`);
  }
  const named: Json = filename ?? `file.${extensionOf(mediaType)}`;
  return { type: "input_file", filename: named, file_data: dataURL(mediaType, data) };
}

/** The API looks at the name's extension too. */
function extensionOf(mediaType: string): string {
  return extensions[mediaType] ?? mediaType.split("/")[1]!.replace(/^x-/, "");
}

const extensions: Readonly<Record<string, string>> = {
  "text/plain": "txt",
  "text/markdown": "md",
  "text/javascript": "js",
  "text/tab-separated-values": "tsv",
  "application/msword": "doc",
  "application/vnd.ms-excel": "xls",
  "application/vnd.ms-powerpoint": "ppt",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
};
