export type { ExpectedAnswer, ProviderSample } from "./provider-sample.ts";
