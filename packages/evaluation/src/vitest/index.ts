export { parityMatchers } from "./parity-matchers.ts";
export type { ParityMatchers, ToHaveParityWith } from "./parity-matchers.ts";
