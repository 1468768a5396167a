export { balance } from "./balance/balance.ts";
export type { BalanceOptions, WeightedModel } from "./balance/balance.ts";
export { leastInFlight } from "./balance/least-in-flight.ts";
export { lowestCost } from "./balance/lowest-cost.ts";
export type { LowestCostOptions } from "./balance/lowest-cost.ts";
export { lowestLatency } from "./balance/lowest-latency.ts";
export type { LowestLatencyOptions } from "./balance/lowest-latency.ts";
export type { Candidate, Choose, Policy } from "./balance/policy.ts";
export type { EjectionOptions } from "./balance/pool.ts";
export { sticky } from "./balance/sticky.ts";
export type { StickyOptions } from "./balance/sticky.ts";
export { weighted } from "./balance/weighted.ts";
export type { Accept, Acceptor, Answered, Verdict } from "./cascade/accept.ts";
export { agreeing } from "./cascade/agreeing.ts";
export type { AgreeingOptions } from "./cascade/agreeing.ts";
export { corroborated } from "./cascade/corroborated.ts";
export type { CorroboratedOptions } from "./cascade/corroborated.ts";
export type { CascadeStep } from "./cascade/cascade-run.ts";
export { cascade } from "./cascade/cascade.ts";
export type { CascadeEntry, CascadeOptions } from "./cascade/cascade.ts";
export { likely } from "./cascade/likely.ts";
export type { LikelyOptions } from "./cascade/likely.ts";
export { scored } from "./cascade/scored.ts";
export { validAs } from "./cascade/valid-as.ts";
export { verifiedBy } from "./cascade/verified-by.ts";
export type { VerifiedByOptions } from "./cascade/verified-by.ts";
export type { Choice } from "./chosen/choice.ts";
export type { Percentiles } from "./chosen/percentiles.ts";
export { hedge } from "./hedge/hedge.ts";
export type { HedgeOptions } from "./hedge/hedge.ts";
export { cooldown } from "./fallback/cooldown.ts";
export type { Cooldown, CooldownOptions, Cooling } from "./fallback/cooldown.ts";
export { fallback } from "./fallback/fallback.ts";
export type {
  CommonFallbackOptions,
  FailureRules,
  FallbackCode,
  FallbackList,
  FallbackOptions,
  FallbackRules,
} from "./fallback/fallback.ts";
export type { AnswerRules, FallbackHold } from "./fallback/judge.ts";
export type { AbilitiesLookup, Knowledge, TargetAbilities } from "./fallback/needs.ts";
export type { AnyModel, NoMethods } from "./kinds.ts";
export type { ChangedTarget, FallbackEntry, FallbackTarget, OtherTarget } from "./fallback/target.ts";
export type { QualityEstimate, QualityModel, QualityPrompt } from "./quality/quality-model.ts";
export type { QualityModelFile, QualityProvenance } from "./quality/quality-model-file.ts";
export type { RouteCandidate, RouteExplanation } from "./route/explanation.ts";
export type { Objective, QualityBound, RouteBounds, RouteWeights } from "./route/objective.ts";
export type { QualitySource, QualityView } from "./route/quality-of.ts";
export { route } from "./route/route.ts";
export type { RoutedModel, RouteEntry, RouteOptions, RouteSettings } from "./route/route.ts";
export type { LocalOnly } from "./tiers/privacy.ts";
export type { ModelTier, TierEntry } from "./tiers/tier-list.ts";
export type { TierAbility, TierKnowledge, TierRules } from "./tiers/tier-rules.ts";
export { tiers } from "./tiers/tiers.ts";
export type { TieredModel, TierExplanation, TiersOptions, TierStanding } from "./tiers/tiers.ts";
