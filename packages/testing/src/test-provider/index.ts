export type { CreateProvider, TestProviderOptions } from "./sample-faults.ts";
export { testProvider } from "./test-provider.ts";
