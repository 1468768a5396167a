import type { TierRules } from "./tier-rules.ts";
import type { TiersOptions } from "./tiers.ts";

/** A tier as a file says it: its models by name, and its rules. */
export interface ConfiguredTier extends TierRules {
  /** The first is asked first. */
  readonly models: string | readonly string[];
}

/** How the tier of a request is found, as a file says it. */
export interface ConfiguredTiering extends Pick<TiersOptions, "default" | "tag" | "localOnly" | "fall" | "onBudget"> {
  /** In a gateway: the model name under which clients are sent to a tier by their tags. @default none */
  readonly name?: string;
}

/** Tiers as a file says them. */
export interface TiersFile {
  /** From the highest to the lowest. */
  readonly tiers: Readonly<Record<string, ConfiguredTier>>;
  readonly tiering?: ConfiguredTiering;
}
