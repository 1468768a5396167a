import { mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cost, retry, scrubber } from "@plugboard/middleware";
import type { ModelResult, Notice } from "@plugboard/core";
import { scripted } from "@plugboard/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { allOf, bytesOf } from "../all-of.ts";
import { openaiChat } from "../formats/openai-chat.ts";
import { sqliteLog, sqliteLogLines } from "../sqlite/index.ts";
import { convertFile } from "../stream/convert-file.ts";
import { callLines } from "./call-lines.ts";
import { fileLog } from "./file-log.ts";
import type { LogSink } from "./log-sink.ts";
import type { LoggedCall } from "./logged-call.ts";
import { readLog } from "./read-log.ts";
import { record } from "./record.ts";
import { replay } from "./replay.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "log-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const place = (name: string): string => join(folder, name);

/** Keeps lines in memory. */
function memory(): LogSink & { readonly lines: string[] } {
  const lines: string[] = [];
  return { lines, write: async (more) => void lines.push(...more) };
}

async function callsIn({ lines }: { readonly lines: readonly string[] }): Promise<LoggedCall[]> {
  return allOf(readLog(bytesOf(lines)));
}

test("writes what was asked, what came of it and what it took, and reads it back", async () => {
  const sink = memory();
  const log = record(sink);
  const prices = cost(({ input = 0, output = 0 }) => ({ cost: { total: input * 10 + output * 100 } }));
  const model = scripted(["It is ", "3.", { usage: { input: 5, output: 2 } }]).with(log, prices, retry());
  const image = { type: "file" as const, mediaType: "image/png", data: Uint8Array.from([1, 2]) };
  const request = {
    messages: [{ role: "user" as const, content: [{ type: "text" as const, text: "Weather?" }, image] }],
    tools: [{ name: "weather", input: { type: "object" }, run: () => "3" }],
    temperature: 0.5,
    headers: { authorization: "Bearer secret" },
    tags: { user: "ada" },
  };
  const answer = await model.generate(request);
  await log.flush();
  const [call, ...more] = await callsIn(sink);
  expect(more).toStrictEqual([]);
  expect(call).toMatchObject({
    provider: "scripted",
    model: "scripted",
    tags: { user: "ada" },
    stream: false,
    outcome: "finished",
    request: { messages: request.messages, tools: [{ name: "weather", input: { type: "object" } }], temperature: 0.5 },
    result: { content: [{ type: "text", text: "It is 3." }], finishReason: "stop", usage: { input: 5, output: 2 } },
    attempts: [{ provider: "scripted", outcome: "finished", cost: { total: 250 } }],
    cost: { total: 250 },
  });
  expect(call!.ended).toBeGreaterThanOrEqual(call!.started);
  expect(answer.content).toStrictEqual(call!.result!.content);
  expect(sink.lines[0]).not.toContain("secret");
});

test("writes no key, wherever the application put it", async () => {
  const sink = memory();
  const log = record(sink);
  const key = `sk-${"a1b2".repeat(6)}`;
  const model = scripted("Yes.", { error: "auth", message: `The key ${key} is not known.` }).with(log);
  const request = {
    messages: [{ role: "user" as const, content: "Look it up." }],
    headers: { "x-api-key": "hunter2" },
    providerOptions: {
      openai: { user: "ada", prompt_cache_key: "chat", extra_headers: { authorization: "Bearer hunter2" } },
    },
    tools: [
      {
        type: "provider" as const,
        id: "openai.mcp" as const,
        options: {
          server_url: "https://mcp.example/sse?key=hunter2",
          authorization: "hunter2",
          headers: { "X-Team": "hunter2" },
          allowed_tools: ["read"],
        },
      },
      { name: "login", input: { type: "object", properties: { password: { type: "string" } } } },
    ],
  };
  await model.generate(request);
  await model.generate(request).catch(() => {});
  await log.flush();
  expect(sink.lines.join()).not.toContain("hunter2");
  expect(sink.lines.join()).not.toContain(key);
  const [call] = await callsIn(sink);
  expect(call!.request).toMatchObject({
    providerOptions: { openai: { user: "ada", prompt_cache_key: "chat" } },
    tools: [
      { id: "openai.mcp", options: { server_url: "https://mcp.example/sse", allowed_tools: ["read"] } },
      { name: "login", input: request.tools[1]!.input },
    ],
  });
  // What was recorded without its keys is found by who asks with them.
  expect(await replay([call!]).generate(request)).toMatchObject({ content: [{ text: "Yes." }] });
});

test("writes failures with every attempt, and answers that were let go with what had come", async () => {
  const sink = memory();
  const log = record(sink);
  const failing = scripted({ error: "overloaded", status: 529 }, { error: "auth", status: 401 }).with(
    log,
    retry({ delay: 0 }),
  );
  await expect(failing.generate("a")).rejects.toMatchObject({ code: "auth" });
  const reply = await scripted(["one", { hang: true }])
    .with(log)
    .stream("b");
  for await (const event of reply) if (event.type === "text-delta") break;
  await log.flush();
  expect(await callsIn(sink)).toMatchObject([
    { outcome: "failed", error: { code: "auth", status: 401 }, attempts: [{ error: "overloaded" }, { error: "auth" }] },
    { outcome: "cancelled", stream: true, result: { content: [{ text: "one" }], finishReason: "unfinished" } },
  ]);
});

test("writes the question as it was, though the application goes on with the same list", async () => {
  const sink = memory();
  const log = record(sink);
  const messages: { role: "user"; content: string }[] = [{ role: "user", content: "a" }];
  await scripted("b").with(log).generate({ messages });
  messages.push({ role: "user", content: "c" });
  await log.flush();
  expect((await callsIn(sink))[0]!.request.messages).toStrictEqual([{ role: "user", content: "a" }]);
});

test("scrubs every text before it is written, and writes nothing that it could not scrub", async () => {
  const sink = memory();
  const log = record(sink, { scrub: scrubber({ names: ["Ada"] }) });
  const answers = [
    { toolCall: { name: "mail", input: { to: "ada@example.com", Ada: ["Ada"] } } },
    { reasoning: "Ada asks." },
    "Dear Ada",
  ];
  await scripted(answers)
    .with(log)
    .generate({ messages: [{ role: "user", content: "I am Ada" }], tags: { user: "ada@example.com" } });
  await log.flush();
  const [line = ""] = sink.lines;
  expect(line).not.toMatch(/ada@|I am Ada|Dear Ada|Ada asks/);
  expect(line).toContain("Dear <NAME>");
  const faults: unknown[] = [];
  const throwing = record(sink, {
    scrub: () => {
      throw new Error("no");
    },
    onFault: (error) => faults.push(error),
  });
  await scripted("b").with(throwing).generate("a");
  await throwing.flush();
  expect({ lines: sink.lines.length, faults: faults.length, dropped: throwing.dropped }).toStrictEqual({
    lines: 1,
    faults: 1,
    dropped: 1,
  });
});

test("draws a sample, and writes failures all the same", async () => {
  const sink = memory();
  const draws = [0.05, 0.5, 0.9];
  const log = record(sink, { sample: 0.1, random: () => draws.shift()! });
  const model = scripted("one", "two", { error: "auth" }).with(log);
  await model.generate("1");
  await model.generate("2");
  await expect(model.generate("3")).rejects.toMatchObject({ code: "auth" });
  await log.flush();
  expect((await callsIn(sink)).map(({ request }) => request.messages[0]!.content)).toStrictEqual(["1", "3"]);
});

test("draws conversations whole, the same in every process", async () => {
  const written = async (): Promise<Map<string, number>> => {
    const sink = memory();
    const log = record(sink, { sample: 0.3, sampleBy: "conversation", random: () => 1 });
    const model = scripted("a").with(log);
    for (let call = 0; call < 300; call++)
      await model.generate({
        messages: [{ role: "user", content: "q" }],
        tags: { conversation: `c${call % 100}` },
      });
    await model.generate("without the tag, and not drawn");
    await log.flush();
    const counts = new Map<string, number>();
    for (const { tags } of await callsIn(sink)) {
      const conversation = tags!["conversation"]!;
      counts.set(conversation, (counts.get(conversation) ?? 0) + 1);
    }
    return counts;
  };
  const counts = await written();
  expect([...counts.values()].every((count) => count === 3)).toBe(true);
  // Four standard deviations of 100 draws are 18.
  expect(Math.abs(counts.size - 30)).toBeLessThan(18);
  expect(await written()).toStrictEqual(counts);
});

test("leaves out what `redact` leaves out", async () => {
  const sink = memory();
  const log = record(sink, { redact: (call) => (call.tags?.["private"] ? undefined : { ...call, tags: {} }) });
  const model = scripted("a").with(log);
  await model.generate({ messages: [{ role: "user", content: "1" }], tags: { private: "yes" } });
  await model.generate({ messages: [{ role: "user", content: "2" }], tags: { user: "ada" } });
  await log.flush();
  expect(await callsIn(sink)).toMatchObject([{ tags: {}, request: { messages: [{ content: "2" }] } }]);
});

test("keeps no call waiting for a sink that does not answer: what has no room is dropped, counted and told", async () => {
  let goOn = (): void => {};
  const stuck = new Promise<void>((resolve) => (goOn = resolve));
  const notices: Notice[] = [];
  const log = record({ write: () => stuck }, { room: 3 });
  const model = scripted("a").with(log);
  const notify = (notice: Notice): void => void notices.push(notice);
  const answers: ModelResult[] = [];
  for (let call = 0; call < 8; call++)
    answers.push(await model.generate({ messages: [{ role: "user", content: "a" }], notify }));
  expect(answers).toHaveLength(8);
  expect(log.dropped).toBe(5);
  expect(notices.findLast(({ type }) => type === "log")).toStrictEqual({ type: "log", dropped: 5 });
  goOn();
  await log.flush();
});

test("holds no more bytes than it may, and takes more once they are written", async () => {
  let goOn = (): void => {};
  const sink = memory();
  const stuck = new Promise<void>((resolve) => (goOn = resolve));
  const log = record({ write: async (lines) => stuck.then(() => sink.write(lines)) }, { roomBytes: 10_000 });
  const model = scripted("a").with(log);
  for (let call = 0; call < 5; call++) await model.generate("word ".repeat(800));
  expect(log.dropped).toBe(3);
  goOn();
  await log.flush();
  for (let call = 0; call < 2; call++) await model.generate("word ".repeat(800));
  await log.flush();
  expect({ lines: sink.lines.length, dropped: log.dropped }).toStrictEqual({ lines: 4, dropped: 3 });
});

test("begins a file with each day, one that another process left as well", async () => {
  const path = place("calls.jsonl");
  writeFileSync(path, '{"of":"another process"}\n');
  utimesSync(path, new Date("2026-01-01T23:00:00Z"), new Date("2026-01-01T23:00:00Z"));
  let time = Date.parse("2026-01-02T10:00:00Z");
  const log = fileLog(path, { every: "day", now: () => time });
  await log.write(["second, in the morning"]);
  time = Date.parse("2026-01-02T23:59:59Z");
  await log.write(["second, at night"]);
  time = Date.parse("2026-01-03T00:00:01Z");
  await log.write(["third"]);
  await log.close!();
  const names = readdirSync(folder).toSorted();
  expect(names).toStrictEqual(["calls.20260102T100000000Z.jsonl", "calls.20260103T000001000Z.jsonl", "calls.jsonl"]);
  expect(names.map((name) => readFileSync(place(name), "utf8"))).toStrictEqual([
    '{"of":"another process"}\n',
    "second, in the morning\nsecond, at night\n",
    "third\n",
  ]);
});

test("lets the calls go on when the sink fails, and tells of it", async () => {
  const onFault = vi.fn<(error: unknown) => void>();
  const log = record(
    {
      write: async () => {
        throw new Error("disk full");
      },
    },
    { onFault },
  );
  await expect(scripted("a").with(log).generate("b")).resolves.toMatchObject({ finishReason: "stop" });
  await log.flush();
  expect(onFault).toHaveBeenCalledTimes(1);
  expect(log.dropped).toBe(1);
});

test("puts a file aside when it has grown, keeps as many as it is told, and reads on after a crash", async () => {
  const path = place("calls.jsonl");
  writeFileSync(path, '{"half a li');
  let time = Date.UTC(2026, 0, 1);
  const log = record(fileLog(path, { maxBytes: 1500, keep: 2, now: () => (time += 1000) }));
  const model = scripted("a".repeat(300)).with(log);
  for (let call = 0; call < 8; call++) {
    await model.generate(`question ${call}`);
    await log.flush();
  }
  await log[Symbol.asyncDispose]();
  const names = readdirSync(folder).toSorted();
  expect(names).toHaveLength(3);
  expect(names[0]).toMatch(/^calls\.20260101T0000\d+Z\.jsonl$/);
  const last = await allOf(readLog(createReadStream(path)));
  expect(last.at(-1)!.request.messages).toStrictEqual([{ role: "user", content: "question 7" }]);
  expect(names.every((name) => readFileSync(place(name), "utf8").endsWith("\n"))).toBe(true);
});

test("begins on a line of its own after a write that broke off, as on a full disk", async () => {
  const handle = await open(place("probe"), "w");
  const files = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const broken = vi.spyOn(files, "appendFile").mockImplementationOnce(async function (this: FileHandle, text) {
    await this.write((text as Buffer).subarray(0, 20));
    throw new Error("ENOSPC: no space left on device");
  });
  const log = record(fileLog(place("calls.jsonl")));
  try {
    for (const question of ["lost", "kept"]) {
      await scripted("a").with(log).generate(question);
      await log.flush();
    }
  } finally {
    broken.mockRestore();
  }
  expect(log.dropped).toBe(1);
  await log[Symbol.asyncDispose]();
  const problems: unknown[] = [];
  const calls = await allOf(
    readLog(createReadStream(place("calls.jsonl")), { onProblem: (problem) => void problems.push(problem) }),
  );
  expect(calls).toMatchObject([{ request: { messages: [{ content: "kept" }] } }]);
  expect(problems).toMatchObject([{ line: 1 }]);
});

test("tells the line of a log that is no call", async () => {
  const lines = ['{"format":"plugboard.call","version":1,"id":"1"}', '{"half'];
  await expect(callsIn({ lines })).rejects.toMatchObject({
    code: "invalid-request",
    message: expect.stringMatching(/Line 1: `provider`/) as string,
  });
  const problems: unknown[] = [];
  await allOf(readLog(bytesOf(lines), { onProblem: (problem) => void problems.push(problem) }));
  expect(problems).toMatchObject([
    { line: 1, field: "provider" },
    { line: 2, input: '{"half' },
  ]);
});

test("keeps a log in SQLite, to be asked and to be read", async () => {
  const log = record(sqliteLog(place("calls.db")));
  const model = scripted(["a", { usage: { input: 5, output: 2 } }], { error: "auth" }).with(log);
  await model.generate({ messages: [{ role: "user", content: "one" }], tags: { user: "ada" } });
  await expect(model.generate("two")).rejects.toMatchObject({ code: "auth" });
  await log[Symbol.asyncDispose]();
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(place("calls.db"));
  const rows = database.prepare("SELECT outcome, input, tags FROM calls ORDER BY input").all();
  database.close();
  expect(rows.map((row) => Object.assign({}, row))).toStrictEqual([
    { outcome: "failed", input: null, tags: null },
    { outcome: "finished", input: 5, tags: '{"user":"ada"}' },
  ]);
  const calls = await allOf(readLog(sqliteLogLines(place("calls.db"))));
  expect(calls.map(({ outcome }) => outcome).toSorted()).toStrictEqual(["failed", "finished"]);
});

test("is read as conversations", async () => {
  const log = record(fileLog(place("calls.jsonl")));
  await scripted({ toolCall: { id: "c1", name: "weather", input: {} } })
    .with(log)
    .generate("Weather?");
  await log[Symbol.asyncDispose]();
  await convertFile(place("calls.jsonl"), place("chats.jsonl"), { from: callLines, to: openaiChat });
  expect(JSON.parse(readFileSync(place("chats.jsonl"), "utf8"))).toMatchObject({
    messages: [
      { role: "user", content: "Weather?" },
      { role: "assistant", tool_calls: [{ id: "c1" }] },
    ],
  });
});
