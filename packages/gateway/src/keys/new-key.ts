import { createHash, randomBytes } from "node:crypto";

/** A key as its client gets it, and what is kept of it. */
export interface NewKey {
  /** To be given to the client, and then forgotten. */
  readonly key: string;
  /** For the configuration. */
  readonly hash: string;
}

/**
 * Makes a key for a client: 256 random bits.
 *
 * @example
 * const { key, hash } = newKey();
 * const door = gateway({ models, keys: [{ name: "team-a", hash }] });
 */
export function newKey(): NewKey {
  const key = `pb-${randomBytes(32).toString("base64url")}`;
  return { key, hash: hashOfKey(key) };
}

/** What is kept of a key. */
export function hashOfKey(key: string): string {
  return `sha256:${digestOf(key).toString("hex")}`;
}

/** The SHA-256 of a text. */
export function digestOf(text: string): Buffer {
  return createHash("sha256").update(text, "utf8").digest();
}
