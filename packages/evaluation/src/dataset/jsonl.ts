import { linesOf } from "./lines-of.ts";
import type { PlacedRow, RowSource } from "./row-source.ts";

/**
 * A dataset in a file with one JSON value a line; empty lines are passed over. A name that ends with `.gz` is unpacked as it is read.
 *
 * @example
 * const run = evaluate({ dataset: jsonl("questions.jsonl"), models, scorers });
 */
export function jsonl(path: string): RowSource {
  return {
    name: path,
    async *rows() {
      for await (const lines of linesOf(path)) {
        for (const { text, number } of lines) if (text.trim() !== "") yield rowOf(text, `${path}:${number}`);
      }
    },
    async count() {
      let rows = 0;
      for await (const lines of linesOf(path)) for (const { text } of lines) if (text.trim() !== "") rows++;
      return rows;
    },
  };
}

function rowOf(text: string, place: string): PlacedRow {
  try {
    return { place, value: JSON.parse(text) as unknown };
  } catch (error) {
    return { place, fault: `expected JSON: ${(error as Error).message}` };
  }
}
