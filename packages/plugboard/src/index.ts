export * from "@plugboard/catalog";
export * from "@plugboard/core";
export * from "@plugboard/middleware";
export * from "@plugboard/routing";
// These stand before those of the same name above: they have the catalogue's prices and limits.
export { budget } from "./budget.ts";
export type { BudgetOptions } from "./budget.ts";
export { cascade } from "./cascade.ts";
export { cost } from "./cost.ts";
export { deprecation } from "./deprecation.ts";
export { fallback } from "./fallback.ts";
export { lowestCost } from "./lowest-cost.ts";
export { promptCache } from "./prompt-cache.ts";
export { route } from "./route.ts";
export { tiers } from "./tiers.ts";
