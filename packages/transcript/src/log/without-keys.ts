import type { Json, JsonObject } from "@plugboard/core";
import { isSecretName, redact } from "@plugboard/wire";

const mark = "[redacted]";

/** The name of a place in a cache, which providers call a key. */
const cacheKey = /cache_?key$/i;

/**
 * Settings without the keys that may be in them: the texts of members that are named as secrets are, and of headers; keys of the providers'
 * shapes wherever they stand, what follows `Bearer`, queries of URLs. What is no text says how many or whether, and stays.
 */
export function withoutKeys(value: Json, isSecret = false): Json {
  if (typeof value === "string") return isSecret ? mark : redact(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => withoutKeys(item, isSecret));
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([name, member]) => [
      name,
      member === undefined ? undefined : withoutKeys(member, isSecret || holdsSecrets(name)),
    ]),
  );
}

function holdsSecrets(name: string): boolean {
  return name.toLowerCase() === "headers" || (isSecretName(name) && !cacheKey.test(name));
}
