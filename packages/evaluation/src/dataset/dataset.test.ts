import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allOf } from "../test-all-of.ts";
import { csv } from "./csv.ts";
import type { CsvOptions } from "./csv.ts";
import { jsonl } from "./jsonl.ts";
import { sourceOf } from "./row-source.ts";
import type { Dataset, PlacedRow } from "./row-source.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dataset-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

async function rowsOf(dataset: Dataset): Promise<PlacedRow[]> {
  return allOf(sourceOf(dataset).rows());
}

async function valuesOf(dataset: Dataset): Promise<unknown[]> {
  return (await rowsOf(dataset)).map((row) => (row.fault === undefined ? row.value : row.fault));
}

test("reads a JSON value a line, whatever the line ends, and knows the lines", async () => {
  const path = await fileOf("a.jsonl", '\uFEFF{"a":1}\r\n\n  \n{"a":2}\n{"a":3}');
  await expect(rowsOf(jsonl(path))).resolves.toStrictEqual([
    { place: `${path}:1`, value: { a: 1 } },
    { place: `${path}:4`, value: { a: 2 } },
    { place: `${path}:5`, value: { a: 3 } },
  ]);
  await expect(jsonl(path).count?.()).resolves.toBe(3);
});

test("unpacks, and puts lines together that come in pieces", async () => {
  const rows = Array.from({ length: 5000 }, (_, number) => ({ number, text: "é🙂".repeat(number % 40) }));
  const path = await fileOf("b.jsonl.gz", gzipSync(rows.map((row) => JSON.stringify(row)).join("\n")));
  await expect(valuesOf(jsonl(path))).resolves.toStrictEqual(rows);
});

test("says which file cannot be read", async () => {
  await expect(rowsOf(jsonl(join(directory, "nowhere.jsonl.gz")))).rejects.toMatchObject({
    code: "not-found",
    message: expect.stringContaining("nowhere.jsonl.gz"),
  });
  const broken = await fileOf("broken.jsonl.gz", "this is not packed");
  await expect(rowsOf(jsonl(broken))).rejects.toThrow("broken.jsonl.gz cannot be read");
});

async function readCsv(content: string, options?: CsvOptions): Promise<PlacedRow[]> {
  return rowsOf(csv(await fileOf("c.csv", content), options));
}

test("reads CSV with quotes, line ends in cells and empty cells, and knows the lines", async () => {
  const rows = await readCsv('\uFEFFid,prompt,expected\n1,"Say ""hi"",\nplease",hi\n\n2,Nothing?,\n');
  expect(rows.map((row) => row.fault ?? row.value)).toStrictEqual([
    { id: "1", prompt: 'Say "hi",\nplease', expected: "hi" },
    { id: "2", prompt: "Nothing?" },
  ]);
  expect(rows.map(({ place }) => place.replace(/.*:/, ""))).toStrictEqual(["3", "5"]);
});

test("reads columns of JSON, and says which cell is none", async () => {
  const [good, bad] = await readCsv('a;b\n"[1,{""c"":2}]";x\n[1,;y\n', { delimiter: ";", json: ["a"] });
  expect(good).toMatchObject({ value: { a: [1, { c: 2 }], b: "x" } });
  expect(bad!.fault).toMatch(/^`a` expected JSON: /);
});

test("fails with the file's name where it is no CSV, and where it is not there", async () => {
  await expect(readCsv('a,b\n"never closed,1\n')).rejects.toMatchObject({
    code: "parse",
    message: expect.stringContaining("c.csv"),
  });
  await expect(rowsOf(csv(join(directory, "nowhere.csv")))).rejects.toMatchObject({ code: "not-found" });
});

test("lets go of the file when nobody reads on", async () => {
  const path = await fileOf("long.csv", `a,b\n${"1,2\n".repeat(200_000)}`);
  for await (const { place } of csv(path).rows()) {
    expect(place).toMatch(/:2$/);
    break;
  }
});

test("gives any values back that were written as RFC 4180 says", async () => {
  const cell = fc.string({ unit: "grapheme", maxLength: 8 }).filter((text) => text !== "");
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), async (rows) => {
      const lines = rows.map((row) => row.map(quoted).join(",")).join("\r\n");
      const read = await readCsv(`"x","y"\r\n${lines}\r\n`);
      expect(read.map((row) => row.fault ?? row.value)).toStrictEqual(rows.map(([x, y]) => ({ x, y })));
    }),
    { numRuns: 30 },
  );
});

test("takes arrays, and what comes by and by", async () => {
  async function* later(): AsyncGenerator<number> {
    yield 1;
    await Promise.resolve();
    yield 2;
  }
  await expect(valuesOf(later())).resolves.toStrictEqual([1, 2]);
  await expect(rowsOf(["x"])).resolves.toStrictEqual([{ place: "row 1", value: "x" }]);
  await expect(sourceOf(["x", "y"]).count?.()).resolves.toBe(2);
  expect(sourceOf(later()).count).toBeUndefined();
});
