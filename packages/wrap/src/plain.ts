import type { Json, JsonObject } from "@plugboard/core";
import { fromBase64, toBase64 } from "@plugboard/wire";

/** A value with bytes and URLs in it as JSON, for contracts that carry nothing else. */
export function toPlain(value: unknown): Json {
  if (value instanceof Uint8Array) return { $bytes: toBase64(value) };
  if (value instanceof URL) return { $url: value.href };
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== "object" || value === null) return (value ?? null) as Json;
  const plain: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value)) {
    // Defined, so that a member named `__proto__` is a member.
    if (member !== undefined)
      Object.defineProperty(plain, name, {
        value: toPlain(member),
        enumerable: true,
        writable: true,
        configurable: true,
      });
  }
  return plain;
}

/** What `toPlain` wrote. */
export function fromPlain(plain: Json): unknown {
  if (typeof plain !== "object" || plain === null) return plain;
  if (Array.isArray(plain)) return (plain as readonly Json[]).map(fromPlain);
  const { $bytes, $url, ...rest } = plain as JsonObject;
  if (typeof $bytes === "string" && Object.keys(rest).length === 0) return fromBase64($bytes);
  if (typeof $url === "string" && URL.canParse($url) && Object.keys(rest).length === 0) return new URL($url);
  return Object.fromEntries(Object.entries(plain).map(([name, member]) => [name, fromPlain(member ?? null)]));
}
