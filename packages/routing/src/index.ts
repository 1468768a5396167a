export { hedge } from "./hedge/hedge.ts";
export type { HedgeOptions } from "./hedge/hedge.ts";
export { cooldown } from "./fallback/cooldown.ts";
export type { Cooldown, CooldownOptions, Cooling } from "./fallback/cooldown.ts";
export { fallback } from "./fallback/fallback.ts";
export type {
  CommonFallbackOptions,
  FailureRules,
  FallbackCode,
  FallbackOptions,
  FallbackRules,
} from "./fallback/fallback.ts";
export type { AnswerRules, FallbackHold } from "./fallback/judge.ts";
export type { AbilitiesLookup, Knowledge, TargetAbilities } from "./fallback/needs.ts";
export type { ChangedTarget, FallbackEntry, FallbackTarget } from "./fallback/target.ts";
