export type { SqliteCacheOptions } from "./sqlite-cache.ts";
export { sqliteStore } from "./sqlite-store.ts";
export type { SqliteStore, SqliteStoreOptions } from "./sqlite-store.ts";
