import type { FilePart } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { objectOf, toBase64, without } from "@plugboard/wire";
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

function bucketOf({ protocol, href }: URL, path: string): Block {
  if (protocol === "s3:") return { s3Location: { uri: href } };
  throw new ModelError(`\`${path}\` is a URL of ${protocol}//; Bedrock takes bytes, or s3:// URLs.`, {
    code: "unsupported",
  });
}

/** Whether a block is a document. */
export function isDocument(block: Block): boolean {
  return objectOf(block["document"] ?? null) !== undefined;
}
