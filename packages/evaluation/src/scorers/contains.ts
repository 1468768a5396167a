import type { Score, Scorer } from "../scorer.ts";
import { expectedText } from "./expected.ts";
import type { ExpectedOptions } from "./expected.ts";

/** What must be contained. */
export interface ContainsOptions<Row> extends ExpectedOptions<Row> {
  /** Of several texts, all must be there, or any. @default "all" */
  readonly of?: "all" | "any";
  /** Whether case counts. @default false */
  readonly case?: boolean;
}

/**
 * Whether the texts expected are in the answer.
 *
 * @example
 * const run = evaluate({ dataset, models, scorers: [contains({ expected: (row: Row) => row.keywords, of: "any" })] });
 */
export function contains<Row = unknown>(options: ContainsOptions<Row> = {}): Scorer<Row> {
  const fold = (text: string): string => (options.case ? text : text.toLowerCase());
  return {
    name: "contains",
    score({ row, text }): Score {
      const said = fold(text);
      const there = (wanted: string): boolean => said.includes(fold(wanted));
      const wanted = expectedText(row, options);
      return options.of === "any" ? wanted?.some(there) : wanted?.every(there);
    },
  };
}
