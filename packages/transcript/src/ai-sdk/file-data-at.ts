import type { Json } from "@plugboard/core";
import { bytesAt, objectOf, refusedField, textAt } from "@plugboard/wire";

/** The data of a file, as the bridge to the AI SDK reads it. */
export type FileData =
  | { readonly type: "data"; readonly data: Uint8Array }
  | { readonly type: "url"; readonly url: URL }
  | { readonly type: "text"; readonly text: string };

const inline = /^data:[^,]*;base64,/;

/**
 * The data of a file of the AI SDK's, once it has been JSON: base64, a URL of any kind, or either of them with a type.
 *
 * @throws {ModelError} `invalid-request` for a file that only a provider holds, and for what is no file
 */
export function fileDataAt(value: Json | undefined, path: string): FileData {
  if (typeof value === "string") return fromText(value, path);
  const { type, ...data } = objectOf(value) ?? {};
  switch (type) {
    case "url":
      return fromText(textAt(data["url"], `${path}.url`), `${path}.url`);
    case "data":
      return fileDataAt(data["data"], `${path}.data`);
    case "text":
      return { type, text: textAt(data["text"], `${path}.text`) };
    // What JSON makes of a Buffer of Node's.
    case "Buffer":
      if (Array.isArray(data["data"])) return { type: "data", data: Uint8Array.from(data["data"] as number[]) };
      break;
    default:
  }
  throw refusedField(path, "base64, a URL, or an object with the type data, url or text", value);
}

function fromText(text: string, path: string): FileData {
  const [head] = inline.exec(text) ?? [];
  if (head !== undefined) return { type: "data", data: bytesAt(text.slice(head.length), path) };
  const url = /^[a-z][a-z0-9+.-]*:/i.test(text) ? URL.parse(text) : null;
  return url ? { type: "url", url } : { type: "data", data: bytesAt(text, path) };
}
