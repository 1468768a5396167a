export type { RedisClient, RedisCommands, RedisScriptCall } from "./redis-client.ts";
export { redisStore } from "./redis-store.ts";
export type { RedisStore, RedisStoreOptions, RedisTimeouts } from "./redis-store.ts";
