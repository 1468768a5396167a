import type { Score, Scorer } from "../scorer.ts";
import { expectedText } from "./expected.ts";
import type { ExpectedOptions } from "./expected.ts";

/**
 * How near the answer is to the text expected, letter by letter: `1 − edits / length of the longer`, an edit being a letter put in, left
 * out or changed (Levenshtein). Of several texts, the nearest counts. Time grows with the product of the lengths.
 *
 * @example
 * similarity().score({ ...answer, text: "kitten", row: { expected: "sitting" } }); // 1 − 3/7
 */
export function similarity<Row = unknown>(options: ExpectedOptions<Row> = {}): Scorer<Row> {
  return {
    name: "similarity",
    score({ row, text }): Score {
      const wanted = expectedText(row, options);
      return wanted && Math.max(...wanted.map((expected) => likeness(text.trim(), expected.trim())));
    },
  };
}

function likeness(left: string, right: string): number {
  const [first, second] = [Array.from(left), Array.from(right)];
  const longer = Math.max(first.length, second.length);
  return longer === 0 ? 1 : 1 - edits(first, second) / longer;
}

/** One row of the table at a time: the edits from the letters so far to each beginning of the other text. */
function edits(first: readonly string[], second: readonly string[]): number {
  const row = Uint32Array.from({ length: second.length + 1 }, (_, place) => place);
  for (const [above, letter] of first.entries()) {
    let diagonal = row[0]!;
    row[0] = above + 1;
    for (let place = 1; place <= second.length; place++) {
      const changed = diagonal + (letter === second[place - 1] ? 0 : 1);
      diagonal = row[place]!;
      row[place] = Math.min(changed, diagonal + 1, row[place - 1]! + 1);
    }
  }
  return row[second.length]!;
}
