export { fallback } from "./fallback.ts";
export type { FailureRules, FallbackCode, FallbackOptions, FallbackRules } from "./fallback.ts";
export type { AnswerRules, FallbackHold } from "./judge.ts";
