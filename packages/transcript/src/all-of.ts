/** All that comes, for tests. */
export async function allOf<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}

/** Lines as a file has them, for tests. */
export async function* bytesOf(lines: readonly string[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const line of lines) yield Buffer.from(`${line}\n`);
}
