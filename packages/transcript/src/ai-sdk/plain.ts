import type { Json } from "@plugboard/core";
import { toBase64 } from "@plugboard/wire";

/** A value of the AI SDK as JSON, as its own shorthands have it: bytes as base64, URLs as their text. */
export function plain(value: unknown): Json {
  if (value instanceof Uint8Array) return toBase64(value);
  if (value instanceof URL) return value.href;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return (value ?? null) as Json;
  const shorthand = fileAsText(value);
  if (shorthand) return plain(shorthand);
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => (member === undefined ? [] : [[name, plain(member)]])),
  );
}

/** A file in a form that is JSON, and that the AI SDK takes as it is: one by a URL cannot be told with its type. */
function fileAsText(value: object): object | undefined {
  if (!("type" in value) || value.type !== "file" || !("data" in value)) return undefined;
  const { data, ...part } = value as { readonly data: unknown };
  if (typeof data !== "object" || data === null || !("type" in data)) return undefined;
  if ("url" in data) return { ...part, data: data.url };
  return "data" in data ? { ...part, data: data.data } : undefined;
}
