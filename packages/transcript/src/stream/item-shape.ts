import type { Json } from "@plugboard/core";

/** What the items of a list have in common, by which the next one is known again after one that is broken. */
export interface ItemShape {
  /** The name of their first member, as it is written: `"title"`. */
  readonly first: Uint8Array;
  readonly names: ReadonlySet<string>;
}

/** The shape of an object with members; other values have none. */
export function shapeOf(json: Json | undefined): ItemShape | undefined {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return undefined;
  const names = Object.keys(json);
  return names.length === 0 ? undefined : { first: Buffer.from(JSON.stringify(names[0])), names: new Set(names) };
}

/** Whether a value has at least half of the members that either has: an object within an item has others. */
export function isAlike(json: Json, { names }: ItemShape): boolean {
  const others = shapeOf(json)?.names;
  if (!others) return false;
  const both = [...others].filter((name) => names.has(name)).length;
  return both * 2 >= names.size + others.size - both;
}
