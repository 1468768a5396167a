import type { ModelRequest } from "@plugboard/core";
import { refused } from "../refused.ts";
import { localTagOf } from "./privacy.ts";
import type { LocalOnly } from "./privacy.ts";
import { mayStay } from "./tier-list.ts";
import type { ReadTier } from "./tier-list.ts";

/** How the tier of a request is found. */
export interface PathRules {
  /** From the highest to the lowest. */
  readonly tiers: readonly ReadTier[];
  /** Where requests go that ask for none. */
  readonly standard: string;
  /** The tag by which they ask. */
  readonly tag: string;
  readonly localOnly: LocalOnly;
  readonly fall: "none" | "down" | "up";
}

/** The tiers that a request may go to. */
export interface TierPath {
  /** The tier it asks for, or goes to by itself. */
  readonly first: string;
  readonly because: "asked" | "default" | "private";
  /** `first`, and those after it when nobody in it can or does answer, in order. */
  readonly tiers: readonly ReadTier[];
  /** Those below, for a budget to push down to, the next one first. */
  readonly below: readonly ReadTier[];
  /** The tag that keeps the request on this machine. */
  readonly localTag: string | undefined;
}

/**
 * The tiers that a request may go to.
 *
 * @param pinned - the tier that is asked for, whatever the tag says
 * @throws {ModelError} `invalid-request` for a tag that names a tier that there is not
 */
export function pathOf(
  { tiers, standard, tag, localOnly, fall }: PathRules,
  { tags }: Pick<ModelRequest, "tags">,
  pinned: string | undefined,
): TierPath {
  const localTag = localTagOf(tags, localOnly);
  const asked = pinned ?? (tags && Object.hasOwn(tags, tag) ? tags[tag] : undefined);
  const indexOf = (name: string): number => tiers.findIndex((tier) => tier.name === name);
  const usual = indexOf(standard);
  let index = asked === undefined ? usual : indexOf(asked);
  if (index === -1) {
    const known = tiers.map(({ name }) => name).join(", ");
    throw refused(`There is no tier ${JSON.stringify(asked)}; these are: ${known}.`);
  }
  let because: TierPath["because"] = asked === undefined ? "default" : "asked";
  if (localTag !== undefined && asked === undefined) {
    // Downwards first: what runs on this machine is seldom the highest.
    const order = [...tiers.slice(usual), ...tiers.slice(0, usual).toReversed()];
    const local = order.find(({ members, rules }) => members.some((member) => mayStay(member, rules)));
    if (local) [index, because] = [tiers.indexOf(local), "private"];
  }
  const [above, below] = [tiers.slice(0, index).toReversed(), tiers.slice(index + 1)];
  const first = tiers[index]!;
  const after = { none: [], down: below, up: above }[fall];
  return { first: first.name, because, tiers: [first, ...after], below: fall === "down" ? [] : below, localTag };
}
