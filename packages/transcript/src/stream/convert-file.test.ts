import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chatgptExport } from "../exports/chatgpt.ts";
import { folderFiles } from "../folder-files.ts";
import { anthropicMessages } from "../formats/anthropic.ts";
import { openaiChat } from "../formats/openai-chat.ts";
import { plugboardLines } from "../plugboard/plugboard-lines.ts";
import { convertFile } from "./convert-file.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "transcript-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const place = (name: string): string => join(folder, name);
const linesIn = (name: string): unknown[] =>
  readFileSync(place(name), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);

test("converts the good lines, and keeps the bad ones beside the output with what was expected", async () => {
  const bad = {
    messages: [
      { role: "user", content: "a" },
      { role: "robot", content: "b" },
    ],
  };
  const lines = [
    '{"messages":[{"role":"user","content":"one"}]}',
    JSON.stringify(bad),
    "{",
    '[{"role":"user","content":"two"}]',
  ];
  writeFileSync(place("in.jsonl"), lines.join("\n"));
  const told = await convertFile(place("in.jsonl"), place("out.jsonl"), { from: openaiChat, to: anthropicMessages });
  expect(told).toMatchObject({ converted: 2, problems: 2, bytes: lines.join("\n").length });
  expect(linesIn("out.jsonl")).toStrictEqual([
    { messages: [{ role: "user", content: [{ type: "text", text: "one" }] }] },
    { messages: [{ role: "user", content: [{ type: "text", text: "two" }] }] },
  ]);
  expect(linesIn("out.jsonl.problems.jsonl")).toStrictEqual([
    {
      line: 2,
      item: 2,
      field: "messages[1].role",
      message: expect.stringContaining("must be system, developer, user, assistant or tool") as string,
      input: bad,
    },
    { line: 3, item: 3, message: expect.stringContaining("not JSON") as string, input: "{" },
  ]);
});

test("writes what was lost where it is asked to, with the line it was lost in", async () => {
  writeFileSync(place("in.jsonl"), JSON.stringify({ messages: [{ role: "user", content: "a" }], temperature: 0.5 }));
  await convertFile(place("in.jsonl"), place("out.jsonl"), {
    from: openaiChat,
    to: plugboardLines,
    lossesPath: place("losses.jsonl"),
  });
  expect(linesIn("losses.jsonl")).toMatchObject([
    { line: 1, item: 1, path: "temperature", what: "setting", by: "reading" },
  ]);
});

test("leaves what was there when the input breaks off, and keeps what came before beside it", async () => {
  writeFileSync(place("out.jsonl"), "before");
  writeFileSync(place("in.json"), '[{"messages":[{"role":"user","content":"a"}]},{"messages":"no"},\n{"mess');
  await expect(
    convertFile(place("in.json"), place("out.jsonl"), { from: openaiChat, to: openaiChat }),
  ).rejects.toMatchObject({
    code: "invalid-request",
    message:
      "Line 2, after item 3: the file ends within the list; a comma or ] was expected. What follows cannot be read. " +
      `1 converted before it: ${place("out.jsonl.incomplete")}. 2 that could not be: ${place("out.jsonl.problems.jsonl")}.`,
  });
  expect(readFileSync(place("out.jsonl"), "utf8")).toBe("before");
  expect(linesIn("out.jsonl.incomplete")).toStrictEqual([{ messages: [{ role: "user", content: "a" }] }]);
  expect(linesIn("out.jsonl.problems.jsonl")).toMatchObject([
    { line: 1, item: 2, field: "messages" },
    { line: 2, item: 3, message: expect.stringContaining("the end of a text was expected") as string, input: '{"mess' },
  ]);
  expect(readdirSync(folder)).toHaveLength(4);
});

test("what is kept of a list that breaks off is a list, and nothing is kept of one that is none", async () => {
  writeFileSync(place("in.json"), '[{"messages":[{"role":"user","content":"a"}]},{"mess');
  const options = { from: openaiChat, to: openaiChat, output: "array" } as const;
  await expect(convertFile(place("in.json"), place("out.json"), options)).rejects.toThrow(/ends within the list/);
  expect(JSON.parse(readFileSync(place("out.json.incomplete"), "utf8"))).toHaveLength(1);
  writeFileSync(place("none.json"), '{"a":1}');
  const none = convertFile(place("none.json"), place("none.jsonl"), { ...options, framing: "array" });
  await expect(none).rejects.toThrow(/\[ was expected.*Nothing was converted/);
  expect(readdirSync(folder).filter((name) => name.includes("none"))).toStrictEqual(["none.json"]);
});

test("converts the good items of a list, and keeps one that is not JSON beside them", async () => {
  const item = (text: string): string => `{"messages":[{"role":"user","content":"${text}"}]}`;
  writeFileSync(place("in.json"), `[\n${item("a")},\n${item("\\x")},\n${item("b")}\n]`);
  const told = await convertFile(place("in.json"), place("out.jsonl"), { from: openaiChat, to: openaiChat });
  expect(told).toMatchObject({ converted: 2, problems: 1 });
  expect(linesIn("out.jsonl.problems.jsonl")).toStrictEqual([
    { line: 3, item: 2, message: expect.stringMatching(/an escape: .* at character 40/) as string, input: item("\\x") },
  ]);
});

test("leaves nothing behind when it is called off", async () => {
  writeFileSync(place("in.jsonl"), '{"messages":[{"role":"user","content":"a"}]}\n'.repeat(50_000));
  const stop = new AbortController();
  const conversion = convertFile(place("in.jsonl"), place("out.jsonl"), {
    from: openaiChat,
    to: plugboardLines,
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  await expect(conversion).rejects.toMatchObject({ name: "AbortError" });
  expect(readdirSync(folder)).toStrictEqual(["in.jsonl"]);
});

test("keeps a file that many conversations have once", async () => {
  const image = "data:image/png;base64,iVBORw0KGgo=";
  const line = JSON.stringify({
    messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: image } }] }],
  });
  writeFileSync(place("in.jsonl"), `${line}\n`.repeat(20));
  const files = folderFiles(place("files"));
  await convertFile(place("in.jsonl"), place("out.jsonl"), { from: openaiChat, to: plugboardLines, files });
  expect(readdirSync(place("files"))).toHaveLength(1);
  expect(readFileSync(place("out.jsonl"), "utf8")).not.toContain("iVBORw0KGgo");
  await convertFile(place("out.jsonl"), place("back.jsonl"), { from: plugboardLines, to: openaiChat, files });
  expect(linesIn("back.jsonl")[19]).toStrictEqual(JSON.parse(line));
});

test("converts a list of 40 MB while it holds little of it", async () => {
  const text = "words ".repeat(1500);
  const one = (id: number): string =>
    JSON.stringify({
      id: `c${id}`,
      title: `Talk ${id}`,
      current_node: "b",
      mapping: {
        a: {
          id: "a",
          message: { id: "a", author: { role: "user" }, content: { content_type: "text", parts: [text] } },
          parent: null,
          children: ["b"],
        },
        b: {
          id: "b",
          message: {
            id: "b",
            author: { role: "assistant" },
            content: { content_type: "text", parts: [text] },
            recipient: "all",
          },
          parent: "a",
          children: [],
        },
      },
    });
  const handle = await open(place("conversations.json"), "w");
  const count = Math.ceil(40e6 / one(0).length);
  await handle.write("[");
  for (let id = 0; id < count; id++) await handle.write(`${id > 0 ? "," : ""}${one(id)}`);
  await handle.write("]");
  await handle.close();

  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  let most = 0;
  const { converted, problems } = await convertFile(place("conversations.json"), place("out.jsonl"), {
    from: chatgptExport,
    to: plugboardLines,
    onProgress: ({ converted: so }) => {
      if (so % 100 === 0) most = Math.max(most, process.memoryUsage().heapUsed - before);
    },
  });
  expect({ converted, problems }).toStrictEqual({ converted: count, problems: 0 });
  expect(linesIn("out.jsonl")[count - 1]).toMatchObject({
    id: `c${count - 1}`,
    messages: [{ content: text }, { content: [{ text }] }],
  });
  // All of it would be 40 MB of text and the objects that hold it; what is not collected yet is some of it.
  expect(most).toBeLessThan(80e6);
}, 60_000);
