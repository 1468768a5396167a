import { z } from "zod";
import { tierAbilities } from "./tier-rules.ts";
import type { ConfiguredTier, ConfiguredTiering } from "./tiers-file.ts";

/** An object of these members alone; one that is not among them is told which there are. */
function strict<Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `has no member ${issue.keys.join(", ")}; it may have ${Object.keys(shape).join(", ")}`
        : "must be an object with members",
  });
}

const name = z.string({ error: "must be a name" }).min(1, { error: "must be a name" });
const amount = z.number({ error: "must be a number" });
const words = (...known: readonly [string, ...string[]]) =>
  z.enum(known, { error: `must be one of ${known.join(", ")}` });

const milliseconds = amount.optional();
const percentiles = strict({ p50: milliseconds, p90: milliseconds, p95: milliseconds, p99: milliseconds });

/** A tier as a file says it. How large numbers may be is checked where tiers are made. */
export const tierSchema: z.ZodType<ConfiguredTier> = strict({
  models: z.union([name, z.array(name).min(1)], { error: "must be the name of a model, or a list of names" }),
  abilities: z.array(z.enum(tierAbilities, { error: `must be one of ${tierAbilities.join(", ")}` })).optional(),
  context: amount.optional(),
  price: strict({ input: amount.optional(), output: amount.optional() }).optional(),
  firstTokenMs: percentiles.optional(),
  local: z.union([z.boolean(), z.literal("trusted")], { error: "must be true, false or trusted" }).optional(),
}) as z.ZodType<ConfiguredTier>;

/** How the tier of a request is found, as a file says it. */
export const tieringSchema: z.ZodType<ConfiguredTiering> = strict({
  default: name.optional(),
  tag: name.optional(),
  localOnly: z
    .record(
      name,
      z.union([z.string(), z.array(z.string()), z.literal(true)], { error: "must be a value, a list of them or true" }),
    )
    .optional(),
  fall: words("none", "down", "up").optional(),
  onBudget: words("refuse", "down").optional(),
  name: name.optional(),
}) as z.ZodType<ConfiguredTiering>;

/** A file of tiers. */
export const tiersFileSchema: z.ZodType<{
  readonly tiers: Record<string, ConfiguredTier>;
  readonly tiering?: ConfiguredTiering | undefined;
}> = strict({ tiers: z.record(name, tierSchema), tiering: tieringSchema.optional() });
