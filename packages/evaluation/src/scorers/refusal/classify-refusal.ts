import { likeliest } from "./linear.ts";
import type { Compliance, Weights } from "./linear.ts";
import { signsOf } from "./signs.ts";
import { weights } from "./weights.ts";

const inOrder: Weights = Object.values(weights);

/**
 * Tells answers from refusals by some fifty signs: what its sentences do (decline, reproach, send elsewhere, turn to something else, or speak of
 * the matter), in which order, and how they say it. What each is worth was fitted to people's labels. It reads the first 700 characters, and knows English, the usual openings of a
 * refusal in eleven other languages, and what was asked only as far as the answer says it.
 *
 * @example
 * classifyRefusal("I'm sorry, but I can't help with that."); // "full-refusal"
 */
export function classifyRefusal(text: string): Compliance {
  return likeliest(signsOf(text), inOrder);
}
