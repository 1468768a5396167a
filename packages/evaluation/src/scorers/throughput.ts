import type { Score, Scorer } from "../scorer.ts";

/**
 * Output tokens a second, from the first content to the end of the answer; or whether they are at least `least`. Only of answers that were
 * streamed, were not cached, and took their time.
 *
 * @example
 * const scorers = { throughput: throughput(), fluent: throughput({ least: 30 }) };
 */
export function throughput({ least }: { readonly least?: number } = {}): Scorer {
  return {
    name: "throughput",
    score({ usage, latency, firstContent }): Score {
      if (usage?.output === undefined || latency === undefined || firstContent === undefined) return undefined;
      if (latency <= firstContent) return undefined;
      const rate = (usage.output / (latency - firstContent)) * 1000;
      return least === undefined ? rate : rate >= least;
    },
  };
}
