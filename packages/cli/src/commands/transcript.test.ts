import {
  appendFileSync,
  createReadStream,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileLog, readLog, record, replay } from "@plugboard/transcript";
import { scripted } from "@plugboard/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { run } from "../run.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cli-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const place = (name: string): string => join(folder, name);

async function say(
  ...line: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly error: string }> {
  let [out, error] = ["", ""];
  const code = await run(line, {
    out: { write: (text) => void (out += text), colours: false },
    error: { write: (text) => void (error += text), colours: false },
    env: {},
    signal: new AbortController().signal,
  });
  return { code, out, error };
}

/** A log of four calls, two of them of one question with ratings. */
async function logged(): Promise<void> {
  const log = record(fileLog(place("calls.jsonl")));
  const model = scripted(["good", { usage: { input: 3, output: 1 } }], "bad", "Yes.", { error: "auth" }).with(log);
  const messages = [{ role: "user" as const, content: "Mail ada@example.com?" }];
  await model.generate({ messages, tags: { rating: "5", user: "ada" } });
  await model.generate({ messages, tags: { rating: "1", user: "ada" } });
  await model.generate({ messages: [{ role: "user", content: "Else?" }], tags: { user: "bob" } });
  await model.generate("x").catch(() => {});
  await log[Symbol.asyncDispose]();
}

test("converts a file, and says on stderr what was lost and what was none", async () => {
  writeFileSync(place("in.jsonl"), '{"messages":[{"role":"user","content":"a"}],"temperature":1}\n{"messages":1}\n');
  const { code, out, error } = await say(
    "convert",
    place("in.jsonl"),
    place("out.jsonl"),
    "--from",
    "openai-chat",
    "--to",
    "anthropic",
    "--json",
  );
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ converted: 1, problems: 1, losses: { setting: 1 } });
  expect(error).toContain("1 values are none");
  expect(error).toContain("Lost: setting 1.");
  expect(readdirSync(folder).toSorted()).toStrictEqual(["in.jsonl", "out.jsonl", "out.jsonl.problems.jsonl"]);
});

test("reads a file that is one list of messages as one conversation", async () => {
  writeFileSync(
    place("chat.json"),
    JSON.stringify([
      { role: "user", content: "a" },
      { role: "assistant", content: "b" },
    ]),
  );
  await say("convert", place("chat.json"), place("out.jsonl"), "--from", "ai-sdk", "--to", "sharegpt");
  expect(JSON.parse(readFileSync(place("out.jsonl"), "utf8"))).toStrictEqual({
    conversations: [
      { from: "human", value: "a" },
      { from: "gpt", value: "b" },
    ],
  });
});

test("converts LangChain's messages", async () => {
  writeFileSync(place("chat.json"), JSON.stringify([{ type: "human", data: { content: "a" } }]));
  await say("convert", place("chat.json"), place("out.jsonl"), "--from", "langchain", "--to", "openai-chat");
  expect(JSON.parse(readFileSync(place("out.jsonl"), "utf8"))).toStrictEqual({
    messages: [{ role: "user", content: "a" }],
  });
});

test("tells the totals of a log by model and by tag, and its calls", async () => {
  await logged();
  const byModel = await say("log", place("calls.jsonl"), "--json");
  expect(JSON.parse(byModel.out)).toMatchObject([
    { name: "scripted/scripted", calls: 4, failed: 1, input: 3, output: 1, unpriced: 4 },
  ]);
  const byUser = await say("log", place("calls.jsonl"), "--by", "user", "--json");
  expect(JSON.parse(byUser.out)).toMatchObject([
    { name: "ada", calls: 2 },
    { name: "bob", calls: 1 },
    { name: "", calls: 1 },
  ]);
  const failed = await say("log", place("calls.jsonl"), "--outcome", "failed", "--calls");
  expect(JSON.parse(failed.out)).toMatchObject({ error: { code: "auth" } });
  expect((await say("log", place("calls.jsonl"), "--tag", "user=bob")).out).toMatch(
    /^model .*\nscripted\/scripted +1 /,
  );
});

test("makes a training set from a log, with what nobody is to learn taken out", async () => {
  await logged();
  const { code, out, error } = await say(
    "dataset",
    place("calls.jsonl"),
    place("set.jsonl"),
    "--from",
    "log",
    "--trainer",
    "openai",
    "--scrub",
    "--price",
    "25",
    "--json",
  );
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ train: 3, problems: 1, duplicates: 0, cost: expect.any(Number) as number });
  expect(error).toContain("OpenAI wants 10 examples");
  expect(readFileSync(place("set.jsonl"), "utf8")).toContain("Mail <EMAIL>?");
});

test("makes pairs from the ratings of a log", async () => {
  await logged();
  await say(
    "dataset",
    place("calls.jsonl"),
    place("set.jsonl"),
    "--from",
    "log",
    "--trainer",
    "huggingface",
    "--pairs",
    "rating",
  );
  expect(JSON.parse(readFileSync(place("set.jsonl"), "utf8"))).toStrictEqual({
    prompt: [{ role: "user", content: "Mail ada@example.com?" }],
    chosen: [{ role: "assistant", content: "good" }],
    rejected: [{ role: "assistant", content: "bad" }],
  });
});

test("makes a fixture of the calls of a log", async () => {
  await logged();
  const { code, error } = await say(
    "log",
    place("calls.jsonl"),
    "--tag",
    "user=ada",
    "--fixture",
    place("f.jsonl"),
    "--scrub",
  );
  expect({ code, error }).toStrictEqual({ code: 0, error: `2 calls are in ${place("f.jsonl")}.\n` });
  const model = replay(readLog(createReadStream(place("f.jsonl"))));
  expect(await model.generate("Mail <EMAIL>?")).toMatchObject({ content: [{ text: "good" }] });
});

test("makes rows of a log, which are evaluated; what is no call is kept apart", async () => {
  await logged();
  appendFileSync(place("calls.jsonl"), '{"half');
  const made = await say("dataset", place("calls.jsonl"), place("rows.jsonl"), "--from", "log", "--rows");
  expect(made).toMatchObject({ code: 0, error: expect.stringContaining("4 rows are in") as string });
  const [problem] = readFileSync(place("rows.jsonl.problems.jsonl"), "utf8").trimEnd().split("\n");
  expect(JSON.parse(problem!)).toMatchObject({ line: 5, input: '{"half' });
  const { out } = await say("eval", place("rows.jsonl"), "-s", "refusal", "--json");
  expect(JSON.parse(out)).toMatchObject({ models: { "scripted/scripted": { measured: 4, failed: 1 } } });
});

test.each([
  [["log", "a", "--scrub"], "--scrub is for --fixture"],
  [["dataset", "a", "b", "--from", "chatgpt", "--rows"], "--rows is for a log"],
  [["convert", "a"], "Give an input and an output"],
  [["convert", "a", "b", "--from", "xml", "--to", "anthropic"], "--from must be one of plugboard, openai-chat"],
  [["convert", "a", "b", "--from", "chatgpt", "--to", "log"], "--to must be one of"],
  [["log", "a", "--outcome", "odd"], "--outcome must be finished"],
  [["log", "a", "--tag", "user"], "--tag must be a name and a value"],
  [["dataset", "a", "b", "--from", "log"], "--trainer must be one of openai"],
  [["dataset", "a", "b", "--from", "chatgpt", "--trainer", "openai", "--pairs", "x"], "--pairs is for a log"],
])("says what %j means nothing by", async (line, told) => {
  const { code, error } = await say(...line);
  expect(code).toBe(2);
  expect(error).toContain(told);
});
