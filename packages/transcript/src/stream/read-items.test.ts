import fc from "fast-check";
import { expect, test } from "vitest";
import { readItems } from "./read-items.ts";
import type { Item, ReadItemsOptions } from "./read-items.ts";

async function itemsOf(text: string, options?: ReadItemsOptions, size = text.length || 1): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of readItems(inPieces(Buffer.from(text), size), options)) items.push(item);
  return items;
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

test("tells lines from a list by how the file begins", async () => {
  expect(await itemsOf('{"a":1}\n{"a":2}')).toStrictEqual([
    { line: 1, item: 1, value: { json: { a: 1 } } },
    { line: 2, item: 2, value: { json: { a: 2 } } },
  ]);
  expect(await itemsOf('\n [\n{"a":1},\n{"a":2}\n]\n')).toStrictEqual([
    { line: 3, item: 1, value: { json: { a: 1 } } },
    { line: 4, item: 2, value: { json: { a: 2 } } },
  ]);
});

test("reads a list as one value, a line each or a whole file, where it is told to", async () => {
  expect(await itemsOf("[1,2]\n[3]", { framing: "jsonl" })).toMatchObject([
    { value: { json: [1, 2] } },
    { value: { json: [3] } },
  ]);
  expect(await itemsOf("[1,\n2]", { framing: "document" })).toMatchObject([{ value: { json: [1, 2] } }]);
});

test("gives the same however the file comes in pieces", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown),
        { maxLength: 5 },
      ),
      fc.integer({ min: 1, max: 7 }),
      fc.boolean(),
      async (values, size, pretty) => {
        const isSafe = !JSON.stringify(values).includes("__proto__");
        fc.pre(isSafe);
        const lines = await itemsOf(
          values.map((value) => `${JSON.stringify(value)}\r\n`).join(""),
          { framing: "jsonl" },
          size,
        );
        expect(lines.map(({ value }) => value)).toStrictEqual(values.map((json) => ({ json })));
        const list = await itemsOf(
          JSON.stringify(values, undefined, pretty ? 2 : undefined),
          { framing: "array" },
          size,
        );
        expect(list.map(({ value }) => value)).toStrictEqual(values.map((json) => ({ json })));
      },
    ),
  );
});

test("gives a line that is not JSON as it is, and goes on", async () => {
  expect(await itemsOf('{"a":1}\n{"a":\n\n{"a":2}\n')).toStrictEqual([
    { line: 1, item: 1, value: { json: { a: 1 } } },
    { line: 2, item: 2, value: { text: '{"a":', fault: expect.stringContaining("not JSON") as string } },
    { line: 4, item: 3, value: { json: { a: 2 } } },
  ]);
});

test.each([
  [
    "breaks off",
    '[\n{"a":1},\n{"a":',
    "Line 3, after item 2: the file ends within the list; a comma or ] was expected",
  ],
  ["breaks off behind a value", '[\n{"a":1},\n{"a":[1]', "Line 3, after item 2: the file ends within the list"],
  ["breaks off behind an item", '[\n{"a":1},\n', "Line 3, after item 1: the file ends within the list"],
  [
    "is broken before anything is known of its items",
    '[\n{"a":[1},\n{"a":[2]}]',
    "Line 2, after item 1: item 1 is not JSON",
  ],
  ["goes on after its end", '[{"a":1}]\n{"a":2}', "Line 2"],
])("refuses a list that %s, with the line", async (_, text, told) => {
  await expect(itemsOf(text)).rejects.toMatchObject({
    code: "invalid-request",
    message: expect.stringContaining(told) as string,
  });
});

test.each(["jsonl", "array", "document"] as const)(
  "refuses a value that is too long to be held: %s",
  async (framing) => {
    const text = framing === "jsonl" ? JSON.stringify("a".repeat(500)) : JSON.stringify(["a".repeat(500)]);
    await expect(itemsOf(text, { framing, longest: 100 }, 10)).rejects.toMatchObject({ code: "invalid-request" });
  },
);

test("leaves a byte order mark out", async () => {
  expect(await itemsOf('\uFEFF{"a":1}')).toMatchObject([{ value: { json: { a: 1 } } }]);
});

test("reads nothing of an empty file", async () => {
  expect(await itemsOf("")).toStrictEqual([]);
  expect(await itemsOf("[]")).toStrictEqual([]);
  await expect(itemsOf("[")).rejects.toMatchObject({ code: "invalid-request" });
});

test("lets the source go when the reader leaves", async () => {
  let isOpen = true;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.from("1\n");
    } finally {
      isOpen = false;
    }
  }
  for await (const { item } of readItems(endless())) if (item === 3) break;
  expect(isOpen).toBe(false);
});
