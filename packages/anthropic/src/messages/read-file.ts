import type { FilePart, JsonObject, OpaquePart } from "@plugboard/core";
import { bytesAt, objectAt, refusedField, stringOf, textAt, without } from "@plugboard/wire";
import { owner, ownedBy } from "./messages.ts";

/** The file of an image or document block; an opaque part for one that Anthropic holds, or that is made of blocks. */
export function readFile(block: JsonObject, path: string): FilePart | OpaquePart {
  const source = objectAt(block["source"], `${path}.source`);
  const filename = stringOf(block["title"]);
  const rest = { ...(filename !== undefined && { filename }), ...ownedBy(without(block, "type", "source", "title")) };
  switch (source["type"]) {
    case "base64": {
      const mediaType = stringOf(source["media_type"]);
      if (!mediaType) throw refusedField(`${path}.source.media_type`, "a media type", source["media_type"]);
      return { type: "file", mediaType, data: bytesAt(source["data"], `${path}.source.data`), ...rest };
    }
    case "text": {
      const data = new TextEncoder().encode(textAt(source["data"], `${path}.source.data`));
      return { type: "file", mediaType: "text/plain", data, ...rest };
    }
    case "url": {
      const url = URL.parse(stringOf(source["url"]) ?? "");
      if (!url) throw refusedField(`${path}.source.url`, "a URL", source["url"]);
      return { type: "file", mediaType: block["type"] === "image" ? "image/*" : "application/pdf", data: url, ...rest };
    }
    default: // a file that Anthropic holds, or a document made of blocks
      return { type: "opaque", kind: stringOf(block["type"])!, providerData: { [owner]: without(block, "type") } };
  }
}
