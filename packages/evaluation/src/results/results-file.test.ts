import { mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Measurement } from "@plugboard/core";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { allOf } from "../test-all-of.ts";
import { measurements } from "./measurements.ts";
import { ResultsFile } from "./results-file.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "results-"));
});
afterEach(() => rm(directory, { recursive: true }));

function measured(item: string): Measurement {
  return { item, model: "é🙂", scores: { exact: 1 } };
}

async function keptOf(path: string, drop: (measurement: Measurement) => boolean = () => false): Promise<string[]> {
  const items: string[] = [];
  for await (const { item } of new ResultsFile(path).kept(drop)) items.push(item);
  return items;
}

test("keeps what is whole, wherever a crash cut the file", async () => {
  const path = join(directory, "a.jsonl");
  const whole = Buffer.from(["a", "b", "c"].map((item) => `${JSON.stringify(measured(item))}\n`).join(""));
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length), async (cut) => {
      await writeFile(path, whole.subarray(0, cut));
      const kept = await keptOf(path);
      // A last line that only lacks its end is whole.
      const lines = whole.subarray(0, cut).toString().split("\n");
      const good = lines.filter((line, place) => line !== "" && (place < lines.length - 1 || line.endsWith("}}")));
      expect(kept).toHaveLength(good.length);

      const file = new ResultsFile(path);
      await file.add(measured("d"));
      await file.close();
      expect(await allOf(measurements(path))).toStrictEqual([...kept.map(measured), measured("d")]);
    }),
    { numRuns: 60 },
  );
});

test("takes out what is refused and what is broken, and leaves the rest as it was", async () => {
  const path = join(directory, "b.jsonl");
  const lines = ["a", "b", "c", "d"].map((item) => JSON.stringify(measured(item)));
  await writeFile(path, `${lines[0]}\n${lines[1]}\nnonsense\n${lines[2]}\n${lines[3]}\n`);
  expect(await keptOf(path, ({ item }) => item === "c")).toStrictEqual(["a", "b", "d"]);
  expect(await readFile(path, "utf8")).toBe(`${lines[0]}\n${lines[1]}\n${lines[3]}\n`);
  expect(await readdir(directory)).toStrictEqual(["b.jsonl"]);
});

test("does not touch a file that is right", async () => {
  const path = join(directory, "c.jsonl");
  await writeFile(path, `${JSON.stringify(measured("a"))}\n`);
  const { ino } = await stat(path);
  await keptOf(path);
  expect((await stat(path)).ino).toBe(ino);
  expect(await keptOf(join(directory, "none.jsonl"))).toStrictEqual([]);
});

test("leaves the file alone when the reading is given up", async () => {
  const path = join(directory, "d.jsonl");
  const text = `nonsense\n${JSON.stringify(measured("a"))}\n${JSON.stringify(measured("b"))}\n`;
  await writeFile(path, text);
  for await (const _ of new ResultsFile(path).kept(() => false)) break;
  expect(await readFile(path, "utf8")).toBe(text);
  expect(await readdir(directory)).toStrictEqual(["d.jsonl"]);
});

test("writes lines that come together one after another, each whole", async () => {
  const path = join(directory, "e.jsonl");
  const file = new ResultsFile(path);
  const items = Array.from({ length: 500 }, (_, number) => String(number));
  await Promise.all(items.map((item) => file.add(measured(item))));
  await file.close();
  expect(await keptOf(path)).toStrictEqual(items);
});

test("tells a broken line by its number", async () => {
  const path = join(directory, "f.jsonl");
  await writeFile(path, `${JSON.stringify(measured("a"))}\n{"item":1}\n`);
  await expect(allOf(measurements(path))).rejects.toThrow(`${path}:2 is no measurement`);
});
