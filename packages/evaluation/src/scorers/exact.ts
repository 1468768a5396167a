import type { Json } from "@plugboard/core";
import type { Score, Scorer } from "../scorer.ts";
import { alike, isList, isObject } from "./alike.ts";
import { expectedOf, expectedText } from "./expected.ts";
import type { ExpectedOptions } from "./expected.ts";

/**
 * Whether the answer is, to the letter, the text expected; blanks around it do not count. Of several, any will do. Where an object is expected, the
 * answer is read as JSON, and the order of its members and blanks between them do not count.
 *
 * @example
 * const run = evaluate({ dataset, models, scorers: [exact({ expected: (row: Row) => row.answer })] });
 */
export function exact<Row = unknown>(options: ExpectedOptions<Row> = {}): Scorer<Row> {
  return {
    name: "exact",
    score({ row, text }): Score {
      const said = text.trim();
      const expected = expectedOf(row, options) as Json | undefined;
      const wanted = isList(expected) ? expected : [expected];
      const objects = wanted.filter(isObject);
      const answer = objects.length > 0 ? parsed(said) : undefined;
      if (objects.some((object) => alike(object, answer))) return true;
      return expectedText(row, options)?.some((expected) => said === expected.trim());
    },
  };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
