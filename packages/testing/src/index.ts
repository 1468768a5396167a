export * from "./test-store/index.ts";
