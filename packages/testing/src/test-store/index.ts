export type { CreateStore, TestStoreOptions } from "./rule.ts";
export { testCacheStore } from "./test-cache-store.ts";
export { testLedger } from "./test-ledger.ts";
