import type { Json, JsonObject } from "@plugboard/core";
import { fromBase64, objectOf, stringOf } from "@plugboard/wire";

/** Who writes the data that is understood besides this protocol's own: Bedrock's Converse API, through which Claude answers too. */
export const converse = "bedrock";

/** What the opaque part of thoughts is called there that nobody may read. */
export const converseRedacted = "redactedContent";

const utf8 = new TextDecoder();

/**
 * What Converse gave of Claude's, in the words of this protocol: signatures are good on every platform, thoughts that are not shown are
 * wrapped once more there, and marks to cache have another form. `undefined` where none of these is in it.
 */
export function converseData(data: JsonObject | undefined): Record<string, Json> | undefined {
  const signature = stringOf(data?.["signature"]);
  const redacted = stringOf(data?.["value"]);
  const mark = objectOf(data?.["cachePoint"]);
  if (signature === undefined && redacted === undefined && !mark) return undefined;
  const ttl = stringOf(mark?.["ttl"]);
  return {
    ...(signature !== undefined && { signature }),
    ...(redacted !== undefined && { data: utf8.decode(fromBase64(redacted)) }),
    ...(mark && { cache_control: { type: "ephemeral", ...(ttl !== undefined && { ttl }) } }),
  };
}
