import { ModelError } from "@plugboard/core";
import type { Json } from "@plugboard/core";
import { parse } from "csv-parse";
import type { Info } from "csv-parse";
import { piecesOf } from "./lines-of.ts";
import type { PlacedRow, RowSource } from "./row-source.ts";

/** How a file of values separated by something is read. */
export interface CsvOptions {
  /** What stands between values. @default "," */
  readonly delimiter?: string;
  /**
   * Columns that hold JSON: lists, objects, numbers. The others are texts, of which a schema can make numbers
   * (`z.coerce.number()`). An empty cell is left out of its row.
   *
   * @default none
   */
  readonly json?: readonly string[];
}

/**
 * A dataset in a file of values separated by commas, as RFC 4180 says and spreadsheets write; the first row has the names of the columns.
 * A name that ends with `.gz` is unpacked as it is read.
 *
 * @example
 * const dataset = csv("questions.csv", { json: ["expected"] });
 */
export function csv(path: string, { delimiter = ",", json = [] }: CsvOptions = {}): RowSource {
  const parsed = new Set(json);
  return {
    name: path,
    async *rows() {
      for await (const { record, info } of recordsOf(path, delimiter))
        yield rowOf(record, `${path}:${info.lines}`, parsed);
    },
    async count() {
      let rows = 0;
      for await (const _ of recordsOf(path, delimiter)) rows++;
      return rows;
    },
  };
}

interface CsvRecord {
  readonly record: Readonly<Record<string, string>>;
  readonly info: Info;
}

async function* recordsOf(path: string, delimiter: string): AsyncGenerator<CsvRecord, void> {
  const parser = parse({
    columns: true,
    info: true,
    bom: true,
    delimiter,
    skip_empty_lines: true,
    // A row with too few or too many values is one bad row, not the end of the file.
    relax_column_count: true,
  });
  // Fed by hand, since a pipe would not pass failures of the file on.
  const fed = feed();
  try {
    for await (const entry of parser) yield entry as CsvRecord;
    await fed;
  } catch (cause) {
    if (cause instanceof ModelError) throw cause;
    throw new ModelError(`${path} is no CSV: ${(cause as Error).message}.`, { code: "parse", cause });
  } finally {
    parser.destroy();
  }

  async function feed(): Promise<void> {
    try {
      for await (const piece of piecesOf(path)) {
        if (parser.destroyed) return;
        if (!parser.write(piece))
          await new Promise<void>((resolve) => void parser.once("drain", resolve).once("close", resolve));
      }
      parser.end();
    } catch (error) {
      parser.destroy(error as Error);
    }
  }
}

function rowOf(record: Readonly<Record<string, string>>, place: string, json: ReadonlySet<string>): PlacedRow {
  const value: Record<string, Json> = {};
  for (const [name, cell] of Object.entries(record)) {
    if (cell === "") continue;
    if (!json.has(name)) {
      value[name] = cell;
      continue;
    }
    try {
      value[name] = JSON.parse(cell) as Json;
    } catch (error) {
      return { place, fault: `\`${name}\` expected JSON: ${(error as Error).message}` };
    }
  }
  return { place, value };
}
