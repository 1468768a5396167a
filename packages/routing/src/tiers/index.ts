export { checkTiers, loadTiers, tiersFrom } from "./load-tiers.ts";
export type { LoadTiersOptions } from "./load-tiers.ts";
export type { ConfiguredTier, ConfiguredTiering, TiersFile } from "./tiers-file.ts";
export { tierSchema, tieringSchema } from "./tiers-schema.ts";
