/** Keeps entries for a while. Verbs are atomic and use the store's clock. */
export interface CacheStore {
  /** The value, or `undefined` once it has expired, was deleted, or was never there. */
  get(key: string): Promise<string | undefined>;
  /** Keeps a value for `ttl` milliseconds, over one that may be there. */
  set(key: string, value: string, ttl: number): Promise<void>;
  /** Forgets the entry; one that is not there is no error. */
  delete(key: string): Promise<void>;
}
