/** A number from 0 up to 1 for a text: always the same one, and evenly spread over texts (FNV-1a, mixed). */
export function chanceOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** The items in an order that their texts decide. */
export function shuffled<Item>(items: readonly Item[], textOf: (item: Item) => string): Item[] {
  return items
    .map((item) => ({ item, chance: chanceOf(textOf(item)), text: textOf(item) }))
    .toSorted((a, b) => a.chance - b.chance || (a.text < b.text ? -1 : 1))
    .map(({ item }) => item);
}
