import { ModelError } from "@plugboard/core";
import type { VirtualKey } from "../keys/virtual-key.ts";
import type { Incoming } from "./incoming.ts";
import { Refusal } from "./refusal.ts";

/** The tags of a request, from the headers that the operator names, its key, and the key's own tags; the later go over the earlier. */
export function tagsOf(
  { header }: Pick<Incoming, "header">,
  headers: readonly (readonly [tag: string, header: string])[],
  { name, tags }: VirtualKey,
): Readonly<Record<string, string>> {
  if (headers.length === 0 && !tags) return { key: name };
  const read: Record<string, string> = {};
  for (const [tag, from] of headers) {
    const value = header(from);
    if (value === undefined || value === "") continue;
    if (!/^[\x21-\x7e](?:[\x20-\x7e]{0,126}[\x21-\x7e])?$/.test(value)) {
      const message = `The header \`${from}\` must be 1 to 128 characters of ASCII.`;
      throw new Refusal(400, new ModelError(message, { code: "invalid-request" }));
    }
    read[tag] = value;
  }
  return { ...read, ...tags, key: name };
}
