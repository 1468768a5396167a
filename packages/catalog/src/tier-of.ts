import type { CatalogModel } from "./catalog-model.ts";

/** What a model is for: the hardest questions, everyday work, or small enough to run where the data are. */
export type Tier = "frontier" | "production" | "edge";

/** US dollars per million output tokens from which a model counts as frontier: what GPT-4.1, the cheapest of OpenAI's large ones, costs. */
const frontierFrom = 8;
/** Thousand millions of parameters up to which open weights run on one consumer device, at four bits. */
const edgeUpTo = 15;

/** Small models whose names say no size. */
const smallNames = /\b(phi-(3|3\.5|4)-(mini|small)|phi-4-multimodal|gemma-3n)\b/;

/**
 * The tier of a model, by a rule that can be read: `edge` for open weights of at most 15 thousand million parameters, by the size in
 * its name; `frontier` for text at 8 US dollars and more per million output tokens; `production` for what has a price below;
 * `undefined` where price and size are unknown. The application's own table goes over it.
 */
export function tierOf({ id, openWeights, prices, abilities }: CatalogModel): Tier | undefined {
  const name = id.toLowerCase();
  if (openWeights && (smallNames.test(name) || sizeIn(name) <= edgeUpTo)) return "edge";
  if (prices?.output === undefined || abilities.output?.includes("text") === false) return undefined;
  return prices.output >= frontierFrom ? "frontier" : "production";
}

/** All parameters of a mixture count, since all are loaded: `8x7b` is 56, `30b-a3b` is 30. Infinite where the name says none. */
function sizeIn(name: string): number {
  const found = /(?<![a-z\d.])(?:(\d+)x)?(\d+(?:\.\d+)?)b(?![a-z\d])/.exec(name);
  return found ? Number(found[1] ?? 1) * Number(found[2]) : Infinity;
}
