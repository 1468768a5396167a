import type { Score, Scorer } from "../scorer.ts";
import { expectedText } from "./expected.ts";
import type { ExpectedOptions } from "./expected.ts";

/**
 * Whether the answer is the text expected, but for case, accents that are written in two ways, punctuation, articles (a, an, the) and
 * blanks. Of several, any will do.
 *
 * @example
 * normalised().score({ ...answer, text: "The answer: Paris!", row: { expected: "answer paris" } }); // true
 */
export function normalised<Row = unknown>(options: ExpectedOptions<Row> = {}): Scorer<Row> {
  return {
    name: "normalised",
    score({ row, text }): Score {
      const said = normalise(text);
      return expectedText(row, options)?.some((expected) => said === normalise(expected));
    },
  };
}

/** Words, numbers with their sign and points, and symbols that stand for a unit. */
const tokens = /(?:(?<![\p{L}\p{N}])-)?\d+(?:[.,]\d+)*|[\p{L}\p{M}\p{N}]+|[\p{Sc}\p{Sm}%]/gu;
const articles: ReadonlySet<string> = new Set(["a", "an", "the"]);

/** Text as it is compared. */
export function normalise(text: string): string {
  const found = text.normalize("NFKC").toLowerCase().match(tokens) ?? [];
  return found.filter((token) => !articles.has(token)).join(" ");
}
