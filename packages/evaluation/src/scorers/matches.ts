import type { Score, Scorer } from "../scorer.ts";

/**
 * Whether a pattern is found in the answer.
 *
 * @example
 * const scorers = { cites: matches(/\[\d+\]/), noApology: matches(/^(?!.*sorry)/is) };
 */
export function matches<Row = unknown>(pattern: RegExp | ((row: Row) => RegExp | undefined)): Scorer<Row> {
  return {
    name: "matches",
    score({ row, text }): Score {
      const wanted = typeof pattern === "function" ? pattern(row) : pattern;
      // Not by `test`: that of a global pattern begins where the last one ended.
      return wanted && text.search(wanted) >= 0;
    },
  };
}
