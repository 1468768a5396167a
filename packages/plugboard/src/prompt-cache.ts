import { quote } from "@plugboard/catalog";
import { promptCache as promptCacheAt } from "@plugboard/middleware";
import type { PromptCache, PromptCacheOptions } from "@plugboard/middleware";

/**
 * Has providers keep the beginning of prompts, which is then read for a tenth of the price, or so: puts marks where Claude and Nova want
 * them, at the end of tools, of the system messages and of a conversation that goes on. Other providers do it by themselves, and are
 * sent nothing. What was saved is reckoned with the catalogue's prices, unless others are given.
 *
 * @example
 * const prompts = promptCache({ ttl: "1h" });
 * const model = anthropic("claude-sonnet-4-5").with(cache(), prompts);
 * await model.generate({ messages: [{ role: "system", content: handbook }, question] });
 * prompts.stats(); // { hitRate: 0.97, saved: 12_345_000, … }
 */
export function promptCache({ price = quote, ...options }: PromptCacheOptions = {}): PromptCache {
  return promptCacheAt({ ...options, price });
}
