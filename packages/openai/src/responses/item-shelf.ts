import type { Json, JsonObject } from "@plugboard/core";
import { checkOption } from "@plugboard/core";

/** The items of one owner's answers, which may be referred to later. */
export interface ItemShelf {
  /** An item that was sent to a client. */
  put(item: JsonObject): void;
  /** The item of that id, if it is still there. */
  find(id: string): Json | undefined;
}

/** A shelf for each owner; none sees what another put there. */
export interface ItemShelves {
  /**
   * The shelf of one owner.
   *
   * @param owner - a name of its own for whoever may not see others' items
   */
  of(owner: string): ItemShelf;
}

/** How much is kept. */
export interface ItemShelfOptions {
  /** Bytes of all owners' items together, about; the oldest make room. @default 16 MiB */
  readonly bytes?: number;
}

/**
 * Keeps the items of answers in this process, for clients that refer to them (`item_reference`) rather than send them again: the AI SDK
 * does, unless it is told `store: false`.
 *
 * @throws {ModelError} `invalid-request` for a negative size
 * @example
 * const routes = openaiRoutes({ items: itemShelves().of("everyone") });
 */
export function itemShelves({ bytes: most = 16 * 2 ** 20 }: ItemShelfOptions = {}): ItemShelves {
  checkOption("bytes", most, { least: 0 });
  // In the order in which they were put, as text: of a known size, and nobody changes it.
  const kept = new Map<string, string>();
  let size = 0;

  function drop(key: string): void {
    size -= sizeOf(key, kept.get(key) ?? "");
    kept.delete(key);
  }

  return {
    of: (owner) => ({
      put(item) {
        if (typeof item["id"] !== "string") return;
        const key = `${owner}\n${item["id"]}`;
        const text = JSON.stringify(item);
        if (kept.has(key)) drop(key);
        kept.set(key, text);
        size += sizeOf(key, text);
        for (const oldest of kept.keys()) {
          if (size <= most) break;
          drop(oldest);
        }
      },
      find(id) {
        const text = kept.get(`${owner}\n${id}`);
        return text === undefined ? undefined : (JSON.parse(text) as Json);
      },
    }),
  };
}

/** Two bytes a character, at worst, and what an entry of the map costs. */
function sizeOf(key: string, text: string): number {
  return 2 * (key.length + text.length) + 100;
}
