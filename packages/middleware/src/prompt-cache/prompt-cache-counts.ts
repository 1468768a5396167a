import type { Attempt, ModelKey, NanoDollars, PriceLookup, Usage } from "@plugboard/core";

/** What came of prompt caches. */
export interface PromptCacheCounts {
  /** Attempts whose provider told how many tokens it read. */
  readonly attempts: number;
  /** Tokens that were read, from a cache or not. */
  readonly input: number;
  /** Of `input`: from the provider's cache. */
  readonly cached: number;
  /** Of `input`: written to it. */
  readonly written: number;
  /** `cached` of `input`, from 0 to 1. */
  readonly hitRate: number;
  /** How much less was paid than without a cache, in nano-dollars; less than 0 where more was written than was worth it. */
  readonly saved: NanoDollars;
  /** Attempts that read or wrote, of which it is not known what they saved. */
  readonly unpriced: number;
}

/** The counts of one model. */
export interface PromptCacheRow extends PromptCacheCounts {
  readonly provider: string;
  readonly model: string;
}

/** What one attempt had of a cache. */
export interface PromptCacheUse {
  readonly input: number;
  readonly cached: number;
  readonly written: number;
  readonly saved?: NanoDollars;
}

/** What an attempt had of its provider's cache; `undefined` where the provider told nothing. */
export function useOf({ usage }: Attempt, model: ModelKey, price: PriceLookup | undefined): PromptCacheUse | undefined {
  if (usage?.input === undefined || usage.estimated) return undefined;
  const { cachedInput = 0, cacheWrite5m = 0, cacheWrite1h = 0, ...rest } = usage;
  const counts = { input: usage.input, cached: cachedInput, written: cacheWrite5m + cacheWrite1h };
  const saved = price && savingOf(usage, rest, model, price);
  return saved === undefined ? counts : { ...counts, saved };
}

/** What the same tokens would have cost without a cache, less what they did cost. */
function savingOf(usage: Usage, plain: Usage, model: ModelKey, price: PriceLookup): NanoDollars | undefined {
  const [without, paid] = [price(plain, model), price(usage, model)];
  return without.cost && paid.cost && without.cost.total - paid.cost.total;
}

/** Adds up what attempts had. */
export class PromptCacheTally {
  readonly #rows = new Map<string, PromptCacheRow>();

  add({ provider, id }: ModelKey, { input, cached, written, saved }: PromptCacheUse): void {
    const name = JSON.stringify([provider, id]);
    const row = this.#rows.get(name) ?? { provider, model: id, ...none };
    const sum = row.input + input;
    this.#rows.set(name, {
      provider,
      model: id,
      attempts: row.attempts + 1,
      input: sum,
      cached: row.cached + cached,
      written: row.written + written,
      hitRate: sum === 0 ? 0 : (row.cached + cached) / sum,
      saved: row.saved + (saved ?? 0),
      unpriced: row.unpriced + (saved === undefined && cached + written > 0 ? 1 : 0),
    });
  }

  get rows(): PromptCacheRow[] {
    return [...this.#rows.values()];
  }

  get total(): PromptCacheCounts {
    let total: PromptCacheCounts = none;
    for (const { attempts, input, cached, written, saved, unpriced } of this.#rows.values()) {
      total = {
        attempts: total.attempts + attempts,
        input: total.input + input,
        cached: total.cached + cached,
        written: total.written + written,
        hitRate: 0,
        saved: total.saved + saved,
        unpriced: total.unpriced + unpriced,
      };
    }
    return { ...total, hitRate: total.input === 0 ? 0 : total.cached / total.input };
  }
}

const none: PromptCacheCounts = { attempts: 0, input: 0, cached: 0, written: 0, hitRate: 0, saved: 0, unpriced: 0 };
