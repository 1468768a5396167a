import type { CacheStore, CallOptions } from "@plugboard/core";
import type { StoreDoor } from "../store-door.ts";
import { readEntry, writeEntry } from "./cache-entry.ts";
import type { Answer } from "./cache-entry.ts";

/** Where answers are kept. A store that fails is told of, and has nothing. */
export class Shelf {
  readonly #store: CacheStore;
  readonly #ttl: number;
  readonly #door: StoreDoor | undefined;

  /** `ttl` is in milliseconds; without a door the store is waited for, however long it takes. */
  constructor(store: CacheStore, ttl: number, door: StoreDoor | undefined) {
    this.#store = store;
    this.#ttl = ttl;
    this.#door = door;
  }

  get isShut(): boolean {
    return this.#door?.isShut ?? false;
  }

  async read(key: string, request: CallOptions): Promise<Answer | undefined> {
    if (this.isShut) return undefined;
    try {
      const text = await (this.#door ? this.#door.ask(() => this.#store.get(key)) : this.#store.get(key));
      return text === undefined ? undefined : readEntry(text, request);
    } catch (error) {
      request.notify?.({ type: "fault", error });
      return undefined;
    }
  }

  /** Whether it was kept. */
  async write(key: string, answer: Answer, { notify }: CallOptions): Promise<boolean> {
    if (this.isShut) return false;
    try {
      const text = writeEntry(answer);
      const set = (): Promise<void> => this.#store.set(key, text, this.#ttl);
      await (this.#door ? this.#door.ask(set) : set());
      return true;
    } catch (error) {
      notify?.({ type: "fault", error });
      return false;
    }
  }

  async remove(key: string, { notify }: CallOptions): Promise<void> {
    if (this.isShut) return;
    try {
      await (this.#door ? this.#door.ask(() => this.#store.delete(key)) : this.#store.delete(key));
    } catch (error) {
      notify?.({ type: "fault", error });
    }
  }
}
