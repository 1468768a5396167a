import type { CallOptions } from "@plugboard/core";

/** Which limit a call counts against, by these of its tags: `user=ada,team=a`. Calls without the tag share one. */
export function tagKey(per: readonly string[], tags: CallOptions["tags"]): string {
  if (per.length === 0) return "all";
  return per
    .map((tag) => encodeURIComponent(tag) + (tags?.[tag] === undefined ? "" : `=${encodeURIComponent(tags[tag])}`))
    .join(",");
}
