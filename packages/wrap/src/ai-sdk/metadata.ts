import type { Json, JsonObject, Owned, ProviderData, Warning } from "@plugboard/core";
import type { SharedV4ProviderMetadata } from "@ai-sdk/provider";
import { without } from "@plugboard/wire";

/** Where in their metadata stands what their contract has no word for. */
export const ours = "plugboard";

/** Where in our provider data stands what our contract has no word for. */
const theirs = "ai-sdk";

/** Takes in what is lost or changed on the way. */
export type Warn = (warning: Warning) => void;

/** What their metadata carries: the data of providers, and ours. */
export interface ReadMetadata {
  readonly owned: Owned;
  readonly kept: JsonObject;
}

/** Members that the two sides spell differently; ours are those of the wire. */
const spellings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  anthropic: { cache_control: "cacheControl" },
};

/** Our data as their metadata; `kept` is what their contract has no word for. */
export function writeMetadata(
  data: ProviderData | undefined,
  kept: JsonObject = {},
): SharedV4ProviderMetadata | undefined {
  const metadata: SharedV4ProviderMetadata = {};
  for (const [provider, own] of Object.entries(data ?? {})) {
    if (provider !== theirs) metadata[provider] = respelled(own, spellings[provider]);
  }
  if (Object.keys(kept).length > 0) metadata[ours] = kept;
  return Object.keys(metadata).length > 0 ? metadata : undefined;
}

/** Their metadata as our data; `own` is what our contract has no word for. */
export function readMetadata(metadata: SharedV4ProviderMetadata | undefined, own?: JsonObject): ReadMetadata {
  const data: Record<string, JsonObject> = {};
  let kept: JsonObject = {};
  for (const [provider, members] of Object.entries(metadata ?? {})) {
    // An application's own objects come this way, too: some of them put `undefined` there.
    if (typeof members !== "object" || members === null) continue;
    if (provider === ours) kept = members;
    else data[provider] = respelled(members, swapped(spellings[provider]));
  }
  if (own) data[theirs] = own;
  return { owned: Object.keys(data).length > 0 ? { providerData: data } : {}, kept };
}

/** What stands in our data for their contract alone. */
export function theirData({ providerData }: Owned): JsonObject {
  return providerData?.[theirs] ?? {};
}

/** A piece of theirs as data that survives the way back. */
export function plainOf(piece: object, ...leftOut: readonly string[]): JsonObject {
  return without(JSON.parse(JSON.stringify(piece)) as JsonObject, ...leftOut);
}

function respelled(members: JsonObject, spelling: Readonly<Record<string, string>> | undefined): JsonObject {
  if (!spelling) return members;
  const spelled: Record<string, Json | undefined> = {};
  for (const [name, value] of Object.entries(members)) spelled[spelling[name] ?? name] = value;
  return spelled;
}

function swapped(spelling: Readonly<Record<string, string>> | undefined): Record<string, string> | undefined {
  return spelling && Object.fromEntries(Object.entries(spelling).map(([our, their]) => [their, our]));
}
