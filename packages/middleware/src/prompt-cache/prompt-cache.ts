import type { Call, Callable, CallOptions, Middleware, ModelKey, ModelReply, ModelRequest } from "@plugboard/core";
import type { Notice, PriceLookup } from "@plugboard/core";
import { markFormOf } from "./mark-form.ts";
import type { MarkForm, MarkTtl } from "./mark-form.ts";
import { PromptCacheTally, useOf } from "./prompt-cache-counts.ts";
import type { PromptCacheCounts, PromptCacheRow, PromptCacheUse } from "./prompt-cache-counts.ts";
import { withMarks } from "./with-marks.ts";

declare module "@plugboard/core" {
  interface Notices {
    /** What an attempt had of its provider's prompt cache, in tokens; `saved` in nano-dollars, where the price is known. */
    promptCache: PromptCacheUse & { readonly provider: string; readonly model: string };
  }
}

/** What is marked, and how it is told what came of it. */
export interface PromptCacheOptions {
  /** How long the provider keeps what is marked, from when it was last used. An hour costs more to write. @default "5m" */
  readonly ttl?: MarkTtl;
  /**
   * When the end of the conversation is marked, besides the end of tools and system: where it is `continued` (the model has spoken, or
   * has tools to call), `always`, or `never`. What is written and never read again costs a quarter more than without a mark.
   *
   * @default "continued"
   */
  readonly conversation?: "continued" | "always" | "never";
  /** What keeps calls together that begin alike, for OpenAI's cache: goes out as `prompt_cache_key`. @default none */
  readonly key?: (request: ModelRequest) => string | undefined;
  /** What usage costs, to say what was saved. @default nothing is said of money */
  readonly price?: PriceLookup;
}

/** What came of the prompt caches of all models behind it, and of each. */
export interface PromptCacheStats extends PromptCacheCounts {
  readonly models: readonly PromptCacheRow[];
}

/** The middleware, and what came of it. */
export interface PromptCache extends Middleware {
  /** Since it was made. */
  stats(): PromptCacheStats;
}

/** Who takes a key that keeps calls together. */
const keyed = new Set(["openai", "azure"]);

/**
 * Has providers keep the beginning of prompts, which is then read for a tenth of the price, or so: puts marks where Claude and Nova want
 * them, at the end of tools, of the system messages and of a conversation that goes on. Other providers do it by themselves, and are
 * sent nothing. Beginnings that are too short for the model are not marked, nor requests that have marks of their own.
 *
 * It hears of what every provider tells of its cache, marks or none: as a notice `promptCache` for each attempt, and in `stats()`.
 *
 * @example
 * const prompts = promptCache({ ttl: "1h" });
 * const model = anthropic("claude-sonnet-4-5").with(cache(), prompts);
 * await model.generate({ messages: [{ role: "system", content: handbook }, question] });
 * prompts.stats(); // { hitRate: 0.97, saved: 12_345_000, … }
 */
export function promptCache({
  ttl = "5m",
  conversation = "continued",
  key,
  price,
}: PromptCacheOptions = {}): PromptCache {
  const tally = new PromptCacheTally();

  const layer = (model: Callable<ModelRequest, ModelReply>): Call => {
    const leaves = leavesOf(model);
    const rules = { forms: formsOf(leaves), ttl, conversation };
    const keyOf = key && leaves.some(({ provider }) => keyed.has(provider)) ? key : undefined;

    return (request) => {
      const { notify } = request;
      const marked = withMarks(request, rules);
      return model.call({ ...(keyOf ? withKey(marked, keyOf(request)) : marked), notify: onNotice });

      function onNotice(notice: Notice): void {
        notify?.(notice);
        if (notice.type !== "attempt" || notice.attempt.outcome === "running") return;
        const use = useOf(notice.attempt, notice.plan, price);
        if (!use) return;
        const { provider, id } = notice.plan;
        tally.add(notice.plan, use);
        notify?.({ type: "promptCache", provider, model: id, ...use });
      }
    };
  };
  return Object.assign(layer, { stats: (): PromptCacheStats => ({ ...tally.total, models: tally.rows }) });
}

/** The adapters that stand behind a model. */
function leavesOf<Request extends CallOptions, Reply>(model: Callable<Request, Reply>): readonly ModelKey[] {
  return model.models.length === 0 ? [model] : model.models.flatMap(leavesOf);
}

/** One form for each owner; the one that asks for the fewest tokens, since marks cost nothing where they come too early. */
function formsOf(leaves: readonly ModelKey[]): MarkForm[] {
  const forms = new Map<string, MarkForm>();
  for (const leaf of leaves) {
    const form = markFormOf(leaf);
    if (form && form.least < (forms.get(form.owner)?.least ?? Infinity)) forms.set(form.owner, form);
  }
  // Bedrock refuses its own marks for models that do not cache; those of Anthropic's are read for Claude alone.
  if (leaves.some((leaf) => leaf.provider === "bedrock" && !markFormOf(leaf))) forms.delete("bedrock");
  return [...forms.values()];
}

function withKey(request: ModelRequest, key: string | undefined): ModelRequest {
  const own = request.providerOptions?.["openai"];
  if (key === undefined || own?.["prompt_cache_key"] !== undefined) return request;
  const openai = { ...own, prompt_cache_key: key };
  return { ...request, providerOptions: { ...request.providerOptions, openai } };
}
