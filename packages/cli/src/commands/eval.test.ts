import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EvaluationSummary } from "@plugboard/evaluation";
import { simulate } from "@plugboard/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { say as sayLine } from "../test-terminal.ts";
import type { Said } from "../test-terminal.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "cli-eval-"));
});
afterAll(() => rm(directory, { recursive: true }));

const say = (...line: readonly string[]): Promise<Said> => sayLine(["eval", ...line]);

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

const carried = [
  { prompt: "2+2?", expected: "4", models: { old: { output: "4" }, new: { output: "5" } } },
  { prompt: "3+3?", expected: "6", models: { old: { output: "6" }, new: { output: "6" } } },
]
  .map((row) => JSON.stringify(row))
  .join("\n");

test("scores answers that a dataset carries, as a table or as JSON", async () => {
  const path = await fileOf("carried.jsonl", carried);
  const { code, out, error } = await say(path, "-s", "exact", "-s", "numeric");
  expect(code).toBe(0);
  expect(out).toMatch(/^model +measured +failed +cost +exact +numeric\nold +2 +0 +1\.00 \[.*\nnew +2 +0 +0\.500 \[/);
  expect(error).toMatch(/^4 .*\/s +in \d+ s\n$/);

  const json = await say(path, "--json");
  const { models } = JSON.parse(json.out) as EvaluationSummary;
  expect(models["new"]!.scores["exact"]).toMatchObject({ count: 2, mean: 0.5 });
});

test("asks models, and goes on with the results that there are", { timeout: 20_000 }, async () => {
  await using simulator = await simulate({ models: { "llama3.2": { answer: "4" } } });
  vi.stubEnv("OLLAMA_HOST", simulator.url);
  try {
    const path = await fileOf("asked.csv", "id,prompt,expected\na,2+2?,4\nb,3+3?,6\n");
    const results = join(directory, "results.jsonl");
    const first = await say(path, "-m", "ollama/llama3.2", "-r", results);
    expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/ollama\/llama3\.2 +2 +0/) as string });
    expect((await readFile(results, "utf8")).trim().split("\n")).toHaveLength(2);
    await say(path, "-m", "ollama/llama3.2", "-r", results);
    expect(simulator.requests).toHaveLength(2);
  } finally {
    vi.unstubAllEnvs();
  }
});

test("runs an evaluation that a module describes", async () => {
  const path = await fileOf(
    "evaluation.mjs",
    `export default {
      dataset: [{ question: "x", models: { a: { output: "long enough" } } }],
      ask: (row) => row.question,
      scorers: { long: ({ text }) => text.length > 5 },
    };`,
  );
  const { code, out } = await say(path, "--json");
  expect(code).toBe(0);
  expect((JSON.parse(out) as EvaluationSummary).models["a"]!.scores["long"]).toMatchObject({ mean: 1 });
  await expect(say(await fileOf("empty.mjs", "export default 1;"))).resolves.toMatchObject({ code: 1 });
});

test("says which row is bad, and passes it over where it is told to", async () => {
  const path = await fileOf("bad.jsonl", `${carried}\n{"prompt":7}`);
  const stopped = await say(path);
  expect(stopped.code).toBe(1);
  expect(stopped.error).toContain("bad.jsonl:3: `prompt` expected a text");
  const passed = await say(path, "--skip-bad-rows");
  expect(passed).toMatchObject({ code: 0, out: expect.stringContaining("1 bad rows were passed over.") as string });
});

test("fails where a model failed, and where nothing was measured", async () => {
  const failed = { prompt: "x", models: { a: { error: { code: "server", message: "no" } } } };
  await expect(say(await fileOf("failed.jsonl", JSON.stringify(failed)))).resolves.toMatchObject({ code: 1 });
  const nothing = await say(await fileOf("nothing.jsonl", '{"prompt":"x"}'));
  expect(nothing.code).toBe(1);
  expect(nothing.error).toContain("Nothing was measured");
});

test.each([
  [[], "Give one dataset"],
  [["data.txt"], ".jsonl or a .csv"],
  [["evaluation.ts", "-m", "openai/gpt-4o"], "a module says them itself"],
  [["data.jsonl", "-s", "magic"], "--scorer must be one of exact"],
])("eval %j means nothing", async (words, sentence) => {
  const { code, error } = await say(...words);
  expect(code).toBe(2);
  expect(error).toContain(sentence);
});
