/** Where a scorer finds what is right. */
export interface ExpectedOptions<Row> {
  /** What a right answer is; `undefined` where the item cannot be judged. @default the row's `expected` */
  readonly expected?: (row: Row) => unknown;
}

/** What the row says is right; `undefined` where it says nothing. */
export function expectedOf<Row>(row: Row, { expected }: ExpectedOptions<Row>): unknown {
  const value = expected ? expected(row) : (row as { readonly expected?: unknown } | null)?.expected;
  return value ?? undefined;
}

/** The same as texts, any of which is right: numbers as they are written, objects as JSON. */
export function expectedText<Row>(row: Row, options: ExpectedOptions<Row>): readonly string[] | undefined {
  const value = expectedOf(row, options);
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value.map(textOf) : [textOf(value)];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
