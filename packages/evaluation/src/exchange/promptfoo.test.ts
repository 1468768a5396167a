import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Measurement } from "@plugboard/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allOf } from "../test-all-of.ts";
import { asPromptfooResults, promptfooResults } from "./promptfoo-results.ts";
import { asPromptfooTest, promptfooTests } from "./promptfoo-tests.ts";
import type { PromptfooTestsOptions } from "./promptfoo-tests.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "promptfoo-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function fileOf(name: string, content: unknown): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

async function rowsOf(name: string, content: unknown, options?: PromptfooTestsOptions): Promise<unknown[]> {
  const placed = await allOf(promptfooTests(await fileOf(name, content), options).rows());
  return placed.map((row) => row.fault ?? row.value);
}

test("reads tests of a configuration, with the prompt filled in", async () => {
  const tests = [
    {
      description: "a greeting",
      vars: { language: "French", text: "Hello", number: 3 },
      assert: [
        { type: "llm-rubric", value: "polite" },
        { type: "icontains", value: "bonjour" },
      ],
      metadata: { topic: "greetings", weight: 2 },
    },
    { vars: { language: "German" } },
  ];
  expect(await rowsOf("a.json", { tests }, { prompt: "To {{ language }}, {{number}} times: {{text}}" })).toStrictEqual([
    {
      prompt: "To French, 3 times: Hello",
      expected: "bonjour",
      segments: { topic: "greetings" },
      description: "a greeting",
      vars: { language: "French", text: "Hello", number: 3 },
    },
    "`vars.number` expected a value for {{number}}",
  ]);
});

test("finds the prompt among the variables, and says where it cannot", async () => {
  const lines = [{ vars: { question: "Q?", context: "C" } }, { vars: { only: "O" } }, { vars: { a: "1", b: "2" } }, 7];
  const rows = await rowsOf("b.jsonl", lines.map((line) => JSON.stringify(line)).join("\n"));
  expect(
    rows.map((row) => (typeof row === "string" ? row.slice(0, 26) : (row as { prompt: string }).prompt)),
  ).toStrictEqual(["Q?", "O", "`vars` expected one of pro", "expected a test: an object"]);
  expect(await rowsOf("c.json", [{ vars: { a: "x" } }], { prompt: "{{ a | upper }}" })).toStrictEqual([
    "{{ a | upper }} is no plain variable",
  ]);
});

test("reads promptfoo's CSV", async () => {
  const rows = await rowsOf(
    "d.csv",
    "question,__expected,__description,__metadata:topic\n2+2?,4,sums,maths\nCapital?,contains: Paris,,\n",
  );
  expect(rows).toStrictEqual([
    { prompt: "2+2?", expected: "4", segments: { topic: "maths" }, description: "sums", vars: { question: "2+2?" } },
    { prompt: "Capital?", expected: "Paris", vars: { question: "Capital?" } },
  ]);
});

test("gives rows back that went out as tests", async () => {
  const row = { id: "x", prompt: "2+2?", expected: "4", task: "maths", segments: { level: "easy" } };
  const [back] = await rowsOf("e.json", [asPromptfooTest(row)]);
  expect(back).toMatchObject({
    prompt: "2+2?",
    expected: "4",
    segments: { task: "maths", level: "easy" },
    description: "x",
  });
  expect(() => asPromptfooTest({ messages: [{ role: "user", content: "x" }] })).toThrow("no test of promptfoo");
});

test("refuses files that hold no tests or results", async () => {
  await expect(rowsOf("f.json", {})).rejects.toThrow("has no list of tests");
  await expect(rowsOf("g.json", "{")).rejects.toMatchObject({ code: "parse" });
  await expect(promptfooResults(await fileOf("h.json", { results: 1 }))).rejects.toThrow(
    "has no `results` of promptfoo",
  );
});

const result = {
  testIdx: 0,
  promptIdx: 0,
  provider: { id: "openai:gpt-4o", label: "" },
  prompt: { raw: "2+2?", label: "{{question}}" },
  response: { output: "4", tokenUsage: { prompt: 9, completion: 1, total: 10 } },
  success: true,
  score: 0.75,
  namedScores: { Tone: 0.5 },
  latencyMs: 321,
  cost: 0.0000325,
  testCase: { metadata: { topic: "maths" } },
};

test("reads results of either version, and of JSONL", async () => {
  const measured: Measurement = {
    item: "0",
    model: "openai:gpt-4o",
    prompt: "2+2?",
    segments: { topic: "maths" },
    scores: { score: 0.75, pass: 1, Tone: 0.5 },
    output: "4",
    usage: { input: 9, output: 1 },
    cost: { total: 32_500 },
    latency: 321,
  };
  await expect(
    promptfooResults(await fileOf("i.json", { results: { version: 3, results: [result] } })),
  ).resolves.toStrictEqual([measured]);
  await expect(promptfooResults(await fileOf("j.json", { version: 2, results: [result] }))).resolves.toStrictEqual([
    measured,
  ]);
  await expect(promptfooResults(await fileOf("k.jsonl", `${JSON.stringify(result)}\n`))).resolves.toStrictEqual([
    measured,
  ]);
});

test("tells failures of the model from tests that failed, prompts from one another, and repeats", async () => {
  const failed = { ...result, success: false, score: 0, error: "Expected output to equal 5" };
  const broken = { ...result, testIdx: 1, response: { error: "API error: 500" }, error: "API error: 500" };
  const other = { ...result, prompt: { raw: "Please: 2+2?", label: "polite" } };
  const [first, second, third, fourth] = await promptfooResults(
    await fileOf("l.json", { results: [failed, broken, other, failed] }),
  );
  expect(first).toMatchObject({ item: "0 {{question}}", scores: { score: 0, pass: 0 } });
  expect(first).not.toHaveProperty("error");
  expect(second).toMatchObject({ scores: {}, error: { message: "API error: 500" } });
  expect(third).toMatchObject({ item: "0 polite", segments: { prompt: "polite" } });
  expect(fourth).toMatchObject({ item: "0 {{question}}", repeat: 1 });
});

test("gives measurements back that went out as results", async () => {
  const measured: readonly Measurement[] = [
    {
      item: "a",
      model: "m",
      prompt: "2+2?",
      scores: { exact: 1 },
      output: "4",
      latency: 5,
      usage: { input: 3, output: 1 },
      cost: { total: 1000 },
    },
    { item: "b", model: "m", prompt: "3+3?", scores: {}, error: { code: "server", message: "no" } },
  ];
  const output = await asPromptfooResults(measured, { timestamp: new Date(0) });
  expect(output.results.stats).toStrictEqual({ successes: 1, failures: 0, errors: 1 });
  const back = await promptfooResults(await fileOf("m.json", output));
  expect(back[0]).toStrictEqual({ ...measured[0], item: "0", scores: { score: 1, pass: 1, exact: 1 } });
  expect(back[1]).toMatchObject({ item: "1", scores: {}, error: { message: "no" } });
});
