/** Where rows come from: a reader, such as `jsonl(path)`, or rows that are there already or come one by one. */
export type Dataset<Row = unknown> = RowSource | Iterable<Row> | AsyncIterable<Row>;

/** A reader of rows that knows where each stands. Reading it again begins anew. */
export interface RowSource {
  /** What it reads, in the words of an error: a file's name. */
  readonly name: string;
  /** Rows one after another; few are in memory at a time. */
  readonly rows: () => AsyncIterable<PlacedRow>;
  /** How many rows there are, where that is cheap to know. */
  readonly count?: () => Promise<number>;
}

/** A row, or why there is none, and where it stands. */
export type PlacedRow =
  | { readonly place: string; readonly value: unknown; readonly fault?: undefined }
  /** What is wrong with it, as a sentence. */
  | { readonly place: string; readonly fault: string };

/** Any dataset as a source. */
export function sourceOf(dataset: Dataset): RowSource {
  if ("rows" in dataset && typeof dataset.rows === "function") return dataset;
  const values = dataset as Iterable<unknown> | AsyncIterable<unknown>;
  return {
    name: "the dataset",
    async *rows() {
      let number = 0;
      for await (const value of values) yield { place: `row ${++number}`, value };
    },
    ...(Array.isArray(values) && { count: () => Promise.resolve(values.length) }),
  };
}
