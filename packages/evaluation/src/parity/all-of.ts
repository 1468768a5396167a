/** All values of an iterable, or of one that is awaited, in a list. */
export async function allOf<Value>(values: Iterable<Value> | AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}
