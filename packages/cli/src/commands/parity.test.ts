import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Measurement } from "@plugboard/core";
import { simulate } from "@plugboard/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { say as sayLine } from "../test-terminal.ts";
import type { Said } from "../test-terminal.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "plugboard-parity-"));
  await results("both.jsonl", [...lines("large", 400), ...lines("small", 398), ...lines("tiny", 300)]);
  await results("before.jsonl", lines("large", 400));
  await results("after.jsonl", lines("large", 300));
  await results("few.jsonl", [...lines("large", 20, 20), ...lines("small", 20, 20)]);
});
afterAll(() => rm(directory, { recursive: true }));

function lines(model: string, right: number, items = 400): readonly Measurement[] {
  return Array.from({ length: items }, (_, place) => ({
    item: `${place}`,
    model,
    scores: { exact: place < right ? 1 : 0 },
    cost: { total: model === "large" ? 1000 : 100 },
    output: `${model} ${place}`,
  }));
}

async function results(name: string, lines: readonly Measurement[]): Promise<void> {
  await writeFile(join(directory, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

/** Runs the command; names of files are of the folder of this test. */
const say = (...line: readonly string[]): Promise<Said> =>
  sayLine(["parity", ...line.map((word) => (/\.(jsonl?|html|md|xml)$/.test(word) ? join(directory, word) : word))]);

const sides = ["--baseline", "large", "--candidate", "small"] as const;

test("passes with 0, fails with 1, is undecided with 3, and says why", async () => {
  const passed = await say("both.jsonl", ...sides, "--gate", "exact:0.03", "--gate", "cost:0%");
  expect(passed).toMatchObject({ code: 0, error: "" });
  expect(passed.out).toMatch(/^pass: small in place of large, by 400 items\n {2}pass +exact: exact −0\.5 points \(/);
  const failed = await say("both.jsonl", "--baseline", "large", "--candidate", "tiny", "-g", "exact:0.03");
  expect(failed).toMatchObject({ code: 1, out: expect.stringContaining("Gate exact is missed.") as string });
  const few = await say("few.jsonl", "--baseline", "large", "-g", "exact:0.03");
  expect(few).toMatchObject({ code: 3, out: expect.stringMatching(/about \d+ more items would decide/) as string });
});

test("compares one model in two files, before and after a change", async () => {
  const { code, out } = await say("before.jsonl", "after.jsonl", "--gate", "exact:0.03", "--json");
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    verdict: "fail",
    baseline: "large (baseline)",
    candidate: "large (candidate)",
  });
});

test("writes every kind of report", async () => {
  const files = ["page.html", "note.md", "cases.xml"];
  const { code } = await say(
    "both.jsonl",
    ...sides,
    "-g",
    "exact:0.03",
    "--html",
    files[0]!,
    "--markdown",
    files[1]!,
    "--junit",
    files[2]!,
  );
  expect(code).toBe(0);
  const [page, note, cases] = await Promise.all(files.map((name) => readFile(join(directory, name), "utf8")));
  expect(page).toContain("small in place of large");
  expect(note).toContain("## ✅ Parity: pass");
  expect(cases).toContain('<testcase classname="parity" name="exact">');
});

test("asks two models, and ends as soon as it is decided", { timeout: 30_000 }, async () => {
  await using simulator = await simulate({ models: { large: { answer: "4" }, small: { answer: "5" } } });
  vi.stubEnv("OLLAMA_HOST", simulator.url);
  try {
    const rows = Array.from({ length: 200 }, () => `${JSON.stringify({ prompt: "2+2?", expected: "4" })}\n`);
    await writeFile(join(directory, "questions.jsonl"), rows.join(""));
    const models = ["--baseline", "ollama/large", "--candidate", "ollama/small"] as const;
    const { code, out } = await say(
      "questions.jsonl",
      "--stop-early",
      ...models,
      "-g",
      "exact:0.03",
      "-r",
      "asked.jsonl",
    );
    expect(code).toBe(1);
    expect(out).toMatch(/Gate exact is missed\.\n {2}It stopped early: nobody was asked 1\d\d of 200 rows\./);
    expect(simulator.requests.length).toBeLessThan(200);
  } finally {
    vi.unstubAllEnvs();
  }
});

test("takes gates from a file", async () => {
  await writeFile(join(directory, "gates.json"), JSON.stringify({ quality: { score: "exact", margin: 0.03 } }));
  await expect(say("both.jsonl", ...sides, "--gates", "gates.json")).resolves.toMatchObject({
    code: 0,
    out: expect.stringContaining("quality: exact") as string,
  });
  await writeFile(join(directory, "broken.json"), "{");
  await expect(say("both.jsonl", ...sides, "--gates", "broken.json")).resolves.toMatchObject({
    code: 1,
    error: expect.stringMatching(/^parse: .*broken\.json is no JSON file of gates/) as string,
  });
});

test.each<[string, readonly string[], RegExp]>([
  ["no file", ["--gate", "exact:0.03"], /Name one file/],
  ["one model to ask", ["both.jsonl", "--stop-early", "--baseline", "ollama/a", "-g", "exact:0.03"], /name two models/],
  [
    "a scorer, and nobody to ask",
    ["both.jsonl", ...sides, "-g", "exact:0.03", "-s", "exact"],
    /--scorer is for models/,
  ],
  ["no gate", ["both.jsonl", ...sides], /--gate exact:0\.03/],
  ["no word on which is which", ["both.jsonl", "--gate", "exact:0.03"], /both\.jsonl has large, small, tiny/],
  [
    "three models in one of two files",
    ["both.jsonl", "after.jsonl", "-g", "exact:0.03"],
    /--baseline: .*large, small, tiny/,
  ],
])("says what is missing: %s", async (_, line, message) => {
  const { code, error } = await say(...line);
  expect(code).toBe(2);
  expect(error).toMatch(message);
});

test("says what is wrong with a gate, a model, or a file", async () => {
  await expect(say("both.jsonl", ...sides, "-g", "exact")).resolves.toMatchObject({
    code: 1,
    error: expect.stringContaining("what:margin") as string,
  });
  await expect(
    say("both.jsonl", "--baseline", "huge", "--candidate", "small", "-g", "exact:0.03"),
  ).resolves.toMatchObject({
    code: 1,
    error: expect.stringContaining('no measurement of model "huge"') as string,
  });
  await expect(say("none.jsonl", ...sides, "-g", "exact:0.03")).resolves.toMatchObject({
    code: 1,
    error: expect.stringContaining("not-found") as string,
  });
});
