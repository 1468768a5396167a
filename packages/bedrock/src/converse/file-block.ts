import type { FilePart, JsonObject } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { bytesAt, fileAt, objectAt, refusedField, textAt, toBase64, without } from "@plugboard/wire";
import { provider } from "../provider.ts";
import type { Block } from "./messages.ts";
import { ownData } from "./messages.ts";

const images: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/jpeg": "jpeg",
  "image/jpg": "jpeg",
  "image/gif": "gif",
  "image/webp": "webp",
};

const documents: Readonly<Record<string, string>> = {
  "application/pdf": "pdf",
  "text/csv": "csv",
  "application/msword": "doc",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.ms-excel": "xls",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
  "text/html": "html",
  "text/plain": "txt",
  "text/markdown": "md",
};

const videos: Readonly<Record<string, string>> = {
  "video/x-matroska": "mkv",
  "video/quicktime": "mov",
  "video/mp4": "mp4",
  "video/webm": "webm",
  "video/x-flv": "flv",
  "video/mpeg": "mpeg",
  "video/x-ms-wmv": "wmv",
  "video/3gpp": "three_gp",
};

const sounds: Readonly<Record<string, string>> = {
  "audio/mpeg": "mp3",
  "audio/mp3": "mp3",
  "audio/opus": "opus",
  "audio/wav": "wav",
  "audio/x-wav": "wav",
  "audio/aac": "aac",
  "audio/flac": "flac",
  "audio/mp4": "m4a",
  "audio/ogg": "ogg",
  "audio/webm": "webm",
};

const kinds = { image: images, document: documents, video: videos, audio: sounds } as const;

/** Gives names to documents. Made anew for every request: two of one request may not have the same. */
export type DocumentNames = (filename: string | undefined) => string;

/** Names of documents as Bedrock takes them: letters, digits, single spaces, hyphens, brackets. */
export function documentNames(): DocumentNames {
  const taken = new Set<string>();
  return (filename) => {
    const plain = (filename ?? "").replace(/\.[a-z0-9]{1,5}$/i, "").replaceAll(/[^a-zA-Z0-9\s()[\]-]+/g, " ");
    const wanted = plain.replaceAll(/\s+/g, " ").trim().slice(0, 190).trim() || "Document";
    let free = wanted;
    for (let number = 2; taken.has(free.toLowerCase()); number++) free = `${wanted} ${number}`;
    taken.add(free.toLowerCase());
    return free;
  };
}

/**
 * The block of a file: an image, a document, a video or a sound, as bytes or in a bucket of S3.
 *
 * @throws {ModelError} `unsupported`, with the media type or the URL and what is accepted
 */
export function fileBlockOf(part: FilePart, path: string, nameOf: DocumentNames): Block {
  const { mediaType, data, filename } = part;
  const type = mediaType.toLowerCase().split(";")[0]!.trim();
  for (const [kind, formats] of Object.entries(kinds)) {
    const format = Object.hasOwn(formats, type) ? formats[type] : undefined;
    if (format === undefined) continue;
    const source = data instanceof URL ? bucketOf(data, path) : { bytes: toBase64(data) };
    if (kind !== "document") return { [kind]: { format, source } };
    const own = without(ownData(part) ?? {}, "cachePoint"); // `citations: { enabled: true }`, `context`
    return { document: { format, name: nameOf(filename), source, ...own } };
  }
  const accepted = Object.values(kinds).flatMap((formats) => Object.keys(formats));
  throw new ModelError(`\`${path}\` is a file of the type ${mediaType}; Bedrock takes ${accepted.join(", ")}.`, {
    code: "unsupported",
  });
}

/** The media types of a kind of files by the formats of the wire; the first that has the format is meant. */
const mediaTypes: ReadonlyMap<string, string> = new Map(
  Object.entries(kinds).flatMap(([kind, formats]) =>
    Object.entries(formats)
      .toReversed()
      .map(([type, format]): [string, string] => [`${kind}/${format}`, type]),
  ),
);

/**
 * The file that a block holds; `undefined` for a block of another kind.
 *
 * @throws {ModelError} `invalid-request` that names the field
 */
export function readFileBlock(block: JsonObject, path: string): FilePart | undefined {
  const kind = Object.keys(kinds).find((name) => block[name] !== undefined);
  if (kind === undefined) return undefined;
  const at = `${path}.${kind}`;
  const { format, name, source, ...own } = objectAt(block[kind], at);
  const mediaType = mediaTypes.get(`${kind}/${textAt(format, `${at}.format`)}`);
  if (mediaType === undefined) throw refusedField(`${at}.format`, `a format of ${kind}`, format);
  const { bytes, s3Location } = objectAt(source, `${at}.source`);
  const data = s3Location
    ? fileAt(objectAt(s3Location, `${at}.source.s3Location`)["uri"], `${at}.source.s3Location.uri`, mediaType).data
    : bytesAt(bytes, `${at}.source.bytes`);
  return {
    type: "file",
    mediaType,
    data,
    ...(typeof name === "string" && { filename: name }),
    ...(Object.keys(own).length > 0 && { providerData: { [provider]: own } }),
  };
}

function bucketOf({ protocol, href }: URL, path: string): Block {
  if (protocol === "s3:") return { s3Location: { uri: href } };
  throw new ModelError(`\`${path}\` is a URL of ${protocol}//; Bedrock takes bytes, or s3:// URLs.`, {
    code: "unsupported",
  });
}

/** Whether a block is a document. */
export function isDocument(block: Block): boolean {
  return block["document"] !== undefined;
}
