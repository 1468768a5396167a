import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { gathered } from "./recorded-item.ts";
import { readMeasurements } from "./read-measurements.ts";

const folder = mkdtempSync(join(tmpdir(), "measurements-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("reads a measurement a line, and passes over empty lines", async () => {
  const path = fileOf(
    "two.jsonl",
    '{"item":"1","model":"a","scores":{"right":1}}\r\n\n{"item":"1","model":"b","scores":{}}',
  );
  expect(await gathered(readMeasurements(path))).toEqual([
    { item: "1", model: "a", scores: { right: 1 } },
    { item: "1", model: "b", scores: {} },
  ]);
});

test.each([
  ["{", /:2 is not JSON/],
  ['{"item":"1","scores":{"right":1}}', /:2 is no measurement/],
  ['{"item":"1","model":"a","scores":{"right":"yes"}}', /:2 is no measurement/],
  ["null", /:2 is no measurement/],
])("names the line of %s", async (line, message) => {
  const path = fileOf("bad.jsonl", `{"item":"1","model":"a","scores":{"right":1}}\n${line}\n`);
  await expect(gathered(readMeasurements(path))).rejects.toThrow(message);
});
