export type { CreateStore, TestStoreOptions } from "./rule.ts";
export { testCacheStore } from "./test-cache-store.ts";
export { testLeaseStore } from "./test-lease-store.ts";
export { testLedger } from "./test-ledger.ts";
export { testLimitStore } from "./test-limit-store.ts";
