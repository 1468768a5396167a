import { spawn } from "node:child_process";
import { once } from "node:events";
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
import { say as sayLine } from "../test-terminal.ts";
import type { Said } from "../test-terminal.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cli-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const place = (name: string): string => join(folder, name);
const linesIn = (name: string): unknown[] =>
  readFileSync(place(name), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);

const say = (...line: readonly string[]): Promise<Said> => sayLine(line);

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

async function* piped(...pieces: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece);
}

test("converts what is piped in to stdout, and tells on stderr which lines are none", async () => {
  const input = piped('{"messages":[{"role":"user","con', 'tent":"a"}]}\n{"messages":[{"role":"robot"}]}\n');
  const line = ["convert", "-", "-", "--from", "openai-chat", "--to", "anthropic"];
  const { code, out, error } = await sayLine(line, { input });
  expect(code).toBe(0);
  expect(JSON.parse(out)).toStrictEqual({ messages: [{ role: "user", content: [{ type: "text", text: "a" }] }] });
  expect(error).toMatch(/^line 2: `messages\[0\]\.role` must be .*user/);
  expect(error).toContain("1 values are none.\n");
});

test("reads a log that is piped in, and makes a set, rows or a fixture on stdout", async () => {
  await logged();
  const log = readFileSync(place("calls.jsonl"), "utf8");
  const totals = await sayLine(["log", "-", "--json"], { input: piped(log) });
  expect(JSON.parse(totals.out)).toMatchObject([{ calls: 4 }]);
  const count = async (...line: readonly string[]): Promise<number> =>
    (await sayLine(line, { input: piped(log) })).out.trimEnd().split("\n").length;
  expect(await count("dataset", "-", "-", "--from", "log", "--trainer", "openai")).toBe(3);
  expect(await count("dataset", "-", "-", "--from", "log", "--rows")).toBe(4);
  expect(await count("log", "-", "--tag", "user=ada", "--fixture", "-")).toBe(2);
  expect(readdirSync(folder)).toStrictEqual(["calls.jsonl"]);
});

test("tells the bad lines of a log, and keeps them where it is asked to", async () => {
  await logged();
  appendFileSync(place("calls.jsonl"), '{"format":"plugboard.call","version":1,"id":"1"}\n{"half\n');
  const { code, out, error } = await say("log", place("calls.jsonl"), "--problems", place("bad.jsonl"), "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject([{ calls: 4 }]);
  expect(error).toMatch(/^line 5: `provider` must be .*\nline 6: .*JSON/);
  expect(error).toContain(`2 lines are no calls; they and why are in ${place("bad.jsonl")}.`);
  expect(linesIn("bad.jsonl")).toMatchObject([
    { line: 5, field: "provider", input: { id: "1" } },
    { line: 6, input: '{"half' },
  ]);
});

test("keeps what no training set takes with its line, whether it could not be read or not be learnt from", async () => {
  const lines = [
    '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}',
    '{"messages":[{"role":"robot","content":"ada@example.com"}]}',
    '{"messages":[{"role":"user","content":"ada@example.com?"}]}',
  ];
  writeFileSync(place("in.jsonl"), lines.join("\n"));
  const line = ["dataset", place("in.jsonl"), place("set.jsonl"), "--from", "openai-chat", "--trainer", "openai"];
  const { code, error } = await say(...line, "--scrub");
  expect(code).toBe(0);
  expect(error).toMatch(/^line 2: `messages\[0\]\.role` .*\nline 3: `messages` must end with an answer/);
  expect(linesIn("set.jsonl.problems.jsonl")).toMatchObject([
    { line: 2, field: "messages[0].role", input: { messages: [{ content: "<EMAIL>" }] } },
    { line: 3, example: 2, field: "messages", input: { messages: [{ content: "<EMAIL>?" }] } },
  ]);
});

test.each([
  ["convert", "none.jsonl", "out.jsonl", "--from", "openai-chat", "--to", "anthropic"],
  ["log", "none.jsonl"],
  ["log", "none.db"],
  ["dataset", "none.jsonl", "out.jsonl", "--from", "log", "--trainer", "openai"],
  ["dataset", "none.jsonl", "out.jsonl", "--from", "log", "--rows"],
])("says in a sentence that there is no input: %s %s", async (...line) => {
  const words = line.map((word) => (/\.(jsonl|db)$/.test(word) ? place(word) : word));
  const { code, out, error } = await say(...words);
  expect({ code, out }).toStrictEqual({ code: 1, out: "" });
  expect(error).toMatch(/^[^\n]*none\.(jsonl: there is no such file or folder|db cannot be read: [^\n]*)\.\n$/);
  expect(readdirSync(folder)).toStrictEqual([]);
});

test("hands the calls of a log on no faster than they are taken", async () => {
  await logged();
  let waiting = 0;
  let most = 0;
  const out = {
    write: () => void (most = Math.max(most, ++waiting)),
    room: async () => {
      await new Promise((resolve) => void setImmediate(resolve));
      waiting = 0;
    },
    colours: false,
  };
  await sayLine(["log", place("calls.jsonl"), "--calls"], { out });
  expect(most).toBe(1);
});

test.each([
  ["convert", "--from", "openai-chat", "--to", "anthropic"],
  ["dataset", "--from", "openai-chat", "--trainer", "openai"],
])("an interrupt of %s leaves nothing behind", { timeout: 20_000 }, async (name, ...options) => {
  const path = new URL("../main.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [path, name, "-", place("out.jsonl"), ...options], { stdio: "pipe" });
  const ended = once(child, "exit");
  const talk = {
    messages: [
      { role: "user", content: "a" },
      { role: "assistant", content: "b" },
    ],
  };
  child.stdin.write(`${JSON.stringify(talk)}\n{"no":1}\n`);
  // Both the output and its side file are begun.
  while (readdirSync(folder).length < 2) await new Promise((resolve) => void setTimeout(resolve, 20));
  child.kill("SIGINT");
  expect(await ended).toStrictEqual([130, null]);
  expect(readdirSync(folder)).toStrictEqual([]);
});

test.each([
  [["log", "-"], "Nothing is piped in"],
  [
    ["dataset", "a", "-", "--from", "log", "--trainer", "openai", "--validation", "0.1"],
    "--validation is for an output",
  ],
  [["convert", "a", "-", "--from", "chatgpt", "--to", "anthropic", "--json"], "--json is for an output"],
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
