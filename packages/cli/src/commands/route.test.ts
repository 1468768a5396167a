import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Measurement } from "@plugboard/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { say as sayLine } from "../test-terminal.ts";
import type { Said } from "../test-terminal.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "plugboard-route-"));
  await results("first.jsonl", 0);
  await results("later.jsonl", 200);
  await writeFile(join(directory, "broken.jsonl"), "{}\n");
});
afterAll(() => rm(directory, { recursive: true }));

/** The small model is right on every easy item, and on every third of the hard ones. */
async function results(name: string, from: number): Promise<void> {
  const lines = Array.from({ length: 200 }, (_, place): Measurement[] => {
    const item = from + place;
    const task = item % 2 === 0 ? "easy" : "hard";
    const common = { item: `${item}`, prompt: `question ${item}`, segments: { task } };
    const isSmallRight = task === "easy" || item % 3 === 0;
    return [
      { ...common, model: "large", scores: { exact: item % 19 === 0 ? 0 : 1 }, cost: { total: 1000 } },
      { ...common, model: "small", scores: { exact: isSmallRight ? 1 : 0 }, cost: { total: 100 } },
    ];
  }).flat();
  await writeFile(join(directory, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

/** Runs the command; names of files are of the folder of this test. */
const say = (...line: readonly string[]): Promise<Said> =>
  sayLine(["route", ...line.map((word) => (/\.(jsonl?|svg)$/.test(word) ? join(directory, word) : word))]);

test("trains a quality model, writes it, and holds it against later results", async () => {
  const trained = await say("train", "first.jsonl", "--out", "quality.json", "--source", "made up");
  expect(trained).toMatchObject({
    code: 0,
    error: expect.stringMatching(/2 models, 200 items, scorer exact, \d+ kB/) as string,
  });
  expect(trained.out).toMatch(/^part +explained by task/);
  expect(JSON.parse(await readFile(join(directory, "quality.json"), "utf8"))).toMatchObject({
    format: "plugboard-quality-model",
    provenance: { source: "made up" },
  });
  const { code, out } = await say("evaluate", "later.jsonl", "--quality", "quality.json", "--json");
  expect(code).toBe(0);
  const [, small] = JSON.parse(out) as readonly { readonly error: number; readonly plainError: number }[];
  expect(small!.error).toBeLessThan(small!.plainError * 0.7);
});

test("replays results under policies, and draws them", async () => {
  const { code, out } = await say(
    "simulate",
    "first.jsonl",
    "later.jsonl",
    "--policy=table",
    "--policy=length",
    "--target=0.9",
    "--plot",
    "curves.svg",
  );
  expect(code).toBe(0);
  expect(out).toMatch(/\*\*table by task\*\*, 400 items, measured against large\./);
  expect(out).toMatch(/\*\*prompt length\*\*/);
  expect(out).toMatch(/\| 90\.0 % \| confident \| \d/);
  expect(await readFile(join(directory, "curves.svg"), "utf8")).toContain("<polyline");
});

test.each([
  [["guess", "first.jsonl"], 2, /train, evaluate, simulate/],
  [["train"], 2, /which results/],
  [["simulate", "first.jsonl", "-p", "luck"], 2, /one of quality, cascade, agreement, table, length; it is "luck"/],
  [["simulate", "first.jsonl", "-t", "95"], 2, /such as 0\.95; it is "95"/],
  [["train", "absent.jsonl"], 1, /absent\.jsonl cannot be read/],
  [["train", "broken.jsonl"], 1, /broken\.jsonl:1 is no measurement/],
  [["evaluate", "first.jsonl", "-q", "first.jsonl"], 1, /first\.jsonl cannot be read/],
])("refuses %j", async (line, code, message) => {
  expect(await say(...line)).toMatchObject({ code, error: expect.stringMatching(message) as string });
});
