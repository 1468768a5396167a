import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { ModelError } from "@plugboard/core";
import { digestOf } from "./new-key.ts";
import type { VirtualKey } from "./virtual-key.ts";

/** The keys that are known. */
export interface KeyRing {
  /** The key whose hash is that of the text, if there is one; in the same time whether there is or not, and whatever the text. */
  find(text: string): VirtualKey | undefined;
}

interface Kept {
  readonly digest: Buffer;
  readonly key: VirtualKey | undefined;
}

/**
 * Reads keys.
 *
 * @throws {ModelError} `invalid-request` for a name or a hash that is none, or one that stands there twice
 */
export function keyRing(keys: readonly VirtualKey[]): KeyRing {
  // Found by a hash with a secret of this process in it: how far a search gets tells a guesser nothing that he could reckon with.
  const secret = randomBytes(32);
  const places = new Map<string, Kept>();
  const names = new Set<string>();
  const nobody: Kept = { digest: randomBytes(32), key: undefined };
  const placeOf = (digest: Buffer): string => createHash("sha256").update(secret).update(digest).digest("base64");

  keys.forEach((key, index) => {
    const { name, hash } = key;
    if (!/^[\w.-]{1,100}$/.test(name)) throw refused(`keys[${index}].name`, "1 to 100 letters, digits, `.`, `_` or `-`");
    if (names.has(name)) throw refused(`keys[${index}].name`, "a name that no other key has");
    names.add(name);
    // Whatever it is instead is not repeated: it may be the key itself.
    if (!/^sha256:[0-9a-f]{64}$/.test(hash)) {
      throw refused(`keys[${index}].hash`, "`sha256:` and 64 hexadecimal digits, as `newKey()` gives it");
    }
    const digest = Buffer.from(hash.slice(7), "hex");
    const place = placeOf(digest);
    if (places.has(place)) throw refused(`keys[${index}].hash`, "a hash that no other key has");
    places.set(place, { digest, key });
  });

  return {
    find(text) {
      const digest = digestOf(text);
      const kept = places.get(placeOf(digest)) ?? nobody;
      return timingSafeEqual(kept.digest, digest) ? kept.key : undefined;
    },
  };
}

function refused(field: string, wanted: string): ModelError {
  return new ModelError(`\`${field}\` must be ${wanted}.`, { code: "invalid-request" });
}
