export { countTokens } from "./count-tokens.ts";
export { upperBound } from "./upper-bound.ts";
