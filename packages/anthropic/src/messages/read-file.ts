import type { FilePart, JsonObject, OpaquePart } from "@plugboard/core";
import { fromBase64, objectOf, stringOf, without } from "@plugboard/wire";
import { refused } from "./fields.ts";
import { owner, ownedBy } from "./messages.ts";

/** The file of an image or document block; an opaque part for one that Anthropic holds, or that is made of blocks. */
export function readFile(block: JsonObject, path: string): FilePart | OpaquePart {
  const source = objectOf(block["source"]);
  if (!source) throw refused(`${path}.source`, "an object", block["source"]);
  const filename = stringOf(block["title"]);
  const rest = { ...(filename !== undefined && { filename }), ...ownedBy(without(block, "type", "source", "title")) };
  const data = stringOf(source["data"]);
  switch (source["type"]) {
    case "base64": {
      const mediaType = stringOf(source["media_type"]);
      if (!mediaType) throw refused(`${path}.source.media_type`, "a media type", source["media_type"]);
      if (data === undefined) throw refused(`${path}.source.data`, "base64", source["data"]);
      return { type: "file", mediaType, data: bytesAt(data, `${path}.source.data`), ...rest };
    }
    case "text":
      if (data === undefined) throw refused(`${path}.source.data`, "a text", source["data"]);
      return { type: "file", mediaType: "text/plain", data: new TextEncoder().encode(data), ...rest };
    case "url": {
      const url = URL.parse(stringOf(source["url"]) ?? "");
      if (!url) throw refused(`${path}.source.url`, "a URL", source["url"]);
      return { type: "file", mediaType: block["type"] === "image" ? "image/*" : "application/pdf", data: url, ...rest };
    }
    default: // a file that Anthropic holds, or a document made of blocks
      return { type: "opaque", kind: stringOf(block["type"])!, providerData: { [owner]: without(block, "type") } };
  }
}

function bytesAt(base64: string, path: string): Uint8Array {
  try {
    return fromBase64(base64);
  } catch {
    throw refused(path, "base64", base64);
  }
}
