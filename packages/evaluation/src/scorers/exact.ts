import type { Score, Scorer } from "../scorer.ts";
import { expectedText } from "./expected.ts";
import type { ExpectedOptions } from "./expected.ts";

/**
 * Whether the answer is, to the letter, the text expected; blanks around it do not count. Of several, any will do.
 *
 * @example
 * const run = evaluate({ dataset, models, scorers: [exact({ expected: (row: Row) => row.answer })] });
 */
export function exact<Row = unknown>(options: ExpectedOptions<Row> = {}): Scorer<Row> {
  return {
    name: "exact",
    score({ row, text }): Score {
      const said = text.trim();
      return expectedText(row, options)?.some((expected) => said === expected.trim());
    },
  };
}
