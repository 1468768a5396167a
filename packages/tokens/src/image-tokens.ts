import type { FilePart, ModelKey } from "@plugboard/core";
import { ModelError } from "@plugboard/core";

/**
 * The most tokens that an image of any size costs, by the formulas in OpenAI's guide "Images and vision" (calculating costs, as of
 * 2025-08). Tiles: scaled into 2048 × 2048, then to a shorter side of 768, so at most 2 × 4 tiles of 512; base + 8 tiles.
 * Patches: at most 1536 of 32 × 32, times the factor of the model.
 */
const most: readonly { readonly models: RegExp; readonly tokens: number }[] = [
  { models: /gpt-4o-mini/, tokens: 2833 + 8 * 5667 },
  { models: /gpt-4\.1-mini|gpt-5-mini/, tokens: Math.ceil(1536 * 1.62) },
  { models: /gpt-4\.1-nano|gpt-5-nano/, tokens: Math.ceil(1536 * 2.46) },
  { models: /o4-mini/, tokens: Math.ceil(1536 * 1.72) },
  { models: /gpt-4o|gpt-4\.1|gpt-4\.5/, tokens: 85 + 8 * 170 },
  { models: /^o1($|-(pro|20))|^o3($|-(pro|20))/, tokens: 75 + 8 * 150 },
  { models: /^gpt-5($|-chat|-20)/, tokens: 70 + 8 * 140 },
];

/**
 * The most tokens that a file costs.
 *
 * @throws {ModelError} `unsupported`, when it is no image or no formula for the model is known: such a count would be a guess
 */
export function imageTokens({ mediaType }: FilePart, { provider, id, catalogId }: ModelKey): number {
  const name = catalogId ?? id;
  const known = mediaType.startsWith("image/") ? most.find(({ models }) => models.test(name)) : undefined;
  if (known) return known.tokens;
  throw new ModelError(`How many tokens ${mediaType} costs with ${name} is not documented: it cannot be counted.`, {
    code: "unsupported",
    provider,
    model: id,
  });
}
