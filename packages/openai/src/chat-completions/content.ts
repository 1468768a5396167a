import type { FilePart, JsonObject, TextPart } from "@plugboard/core";
import { dataURL, mergeProviderOptions, toBase64 } from "@plugboard/wire";
import { reads, unsupported } from "../shared/writing.ts";
import type { Writing } from "./writing.ts";
import { ownData } from "./writing.ts";

/** What a user says, as text where it is nothing else. */
export function writeContent(
  parts: readonly (TextPart | FilePart)[],
  path: string,
  writing: Writing,
): string | JsonObject[] {
  const written = parts.map((part, place) => writePart(part, `${path}[${place}]`, writing));
  const [first] = written;
  if (!first) return "";
  const plain = written.length === 1 && first["type"] === "text" && Object.keys(first).length === 2;
  return plain ? (first["text"] as string) : written;
}

function writePart(part: TextPart | FilePart, path: string, writing: Writing): JsonObject {
  const own = ownData(part, path, writing);
  const written = part.type === "text" ? { type: "text", text: part.text } : writeFile(part, path, writing, own);
  return own ? mergeProviderOptions(written, own) : written;
}

function writeFile(part: FilePart, path: string, writing: Writing, own: JsonObject | undefined): JsonObject {
  const { dialect } = writing;
  const { data, filename } = part;
  const mediaType = part.mediaType.toLowerCase();
  // A file that was uploaded before: its id says it all.
  const uploaded = own?.["file"];
  if (typeof uploaded === "object" && uploaded !== null && "file_id" in uploaded) return { type: "file" };

  if (!reads(dialect, part)) {
    const accepted = dialect.files ?? ["image/png", "image/jpeg", "image/gif", "image/webp"];
    throw unsupported(
      writing,
      `\`${path}\` is of type ${mediaType}, which ${dialect.provider} does not read here; it reads ${accepted.join(", ") || "no files"}.`,
    );
  }
  if (mediaType.startsWith("image/")) {
    return { type: "image_url", image_url: { url: data instanceof URL ? data.href : dataURL(mediaType, data) } };
  }
  if (mediaType.startsWith("audio/")) {
    if (data instanceof URL) throw bytesWanted(path, writing);
    return { type: "input_audio", input_audio: { data: toBase64(data), format: audioFormat(mediaType) } };
  }
  if (data instanceof URL && !dialect.fileURLs) throw bytesWanted(path, writing);
  if (dialect.documents === "document_url") {
    const url = data instanceof URL ? data.href : dataURL(mediaType, data);
    return { type: "document_url", document_url: url, ...(filename !== undefined && { document_name: filename }) };
  }
  return {
    type: "file",
    file: {
      filename: filename ?? `file.${mediaType.split("/")[1]}`,
      file_data: data instanceof URL ? data.href : dataURL(mediaType, data),
    },
  };
}

function bytesWanted(path: string, writing: Writing): Error {
  return unsupported(writing, `\`${path}\` is a URL; ${writing.dialect.provider} wants the bytes of such a file.`);
}

function audioFormat(mediaType: string): string {
  const subtype = mediaType.slice("audio/".length).replace(/^x-/, "");
  if (subtype === "mpeg") return "mp3";
  return subtype === "wave" || subtype === "vnd.wave" ? "wav" : subtype;
}
