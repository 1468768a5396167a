import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { textOf } from "@plugboard/core";
import type { Model } from "@plugboard/core";
import { scrubber } from "@plugboard/middleware";
import { scripted, scriptedAs } from "@plugboard/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { allOf, bytesOf } from "../all-of.ts";
import { fixture } from "./fixture.ts";
import type { LoggedCall } from "./logged-call.ts";
import { readLog } from "./read-log.ts";
import { record } from "./record.ts";
import { writeFixture } from "./write-fixture.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fixture-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const place = (name: string): string => join(folder, name);

async function logged(model: Model, ...questions: readonly string[]): Promise<LoggedCall[]> {
  const lines: string[] = [];
  const log = record({ write: async (more) => void lines.push(...more) });
  for (const question of questions) {
    const request = { messages: [{ role: "user" as const, content: question }], tags: { user: "ada" } };
    await model
      .with(log)
      .generate(request)
      .catch(() => {});
  }
  await log.flush();
  return allOf(readLog(bytesOf(lines)));
}

/** A model that must not be asked. */
const nobody = scripted(() => {
  throw new Error("It was asked.");
});

test("makes a fixture of a log, which a test answers from: answers and failures, and nothing of users", async () => {
  const scrub = scrubber();
  const calls = await logged(scripted("Dear ada@example.com", { error: "overloaded" }), "I am ada@example.com", "b");
  expect(await writeFixture(place("a.jsonl"), calls, { scrub })).toBe(2);
  const text = readFileSync(place("a.jsonl"), "utf8");
  expect(text).not.toMatch(/ada|attempts|tags/);

  await using answers = await fixture(place("a.jsonl"), { model: nobody, scrub });
  expect(await answers.unused()).toBe(2);
  expect(textOf(await answers.model.generate("I am ada@example.com"))).toBe("Dear <EMAIL>");
  await expect(answers.model.generate("b")).rejects.toMatchObject({ code: "overloaded" });
  expect(await answers.unused()).toBe(0);
  await expect(answers.model.generate("c")).rejects.toMatchObject({ code: "not-found" });
});

test("is the same file whenever the same is recorded", async () => {
  for (const name of ["a.jsonl", "b.jsonl"]) {
    const calls = (await logged(scripted("x", "y"), "1", "2")).map((call) =>
      Object.assign(call, { ended: call.started + 5 }),
    );
    await writeFixture(place(name), calls);
  }
  const [a, b] = ["a.jsonl", "b.jsonl"].map((name) =>
    readFileSync(place(name), "utf8").replaceAll(/"firstContent":\d+,/g, ""),
  );
  expect(a).toBe(b);
});

test("asks what is missing where that is allowed, and never again", async () => {
  const real = scripted("one", "two");
  for (const questions of [["a"], ["a", "b"], ["a", "b"]]) {
    await using answers = await fixture(place("in/new.jsonl"), { model: real, record: "missing" });
    for (const question of questions) await answers.model.generate(question);
  }
  expect(real.requests).toHaveLength(2);
  await using answers = await fixture(place("in/new.jsonl"), { model: scripted("other") });
  expect([textOf(await answers.model.generate("a")), textOf(await answers.model.generate("b"))]).toStrictEqual([
    "one",
    "two",
  ]);
});

test("records everything anew where that is asked for, and drops what is asked no more", async () => {
  await writeFixture(place("a.jsonl"), await logged(scripted("old"), "a", "gone"));
  {
    await using answers = await fixture(place("a.jsonl"), { model: scripted("new"), record: "all" });
    await answers.model.generate("a");
  }
  await using answers = await fixture(place("a.jsonl"), { model: nobody });
  expect(await answers.unused()).toBe(1);
  expect(textOf(await answers.model.generate("a"))).toBe("new");
});

test("does not pass answers of one model off as another's", async () => {
  const [before, after] = ["gpt-4o", "gpt-5"].map((id) => scriptedAs({ provider: "openai", id }, id));
  await writeFixture(place("a.jsonl"), await logged(before!, "a"));
  await expect(fixture(place("a.jsonl"), { model: after! })).rejects.toThrow(
    /calls of openai\/gpt-4o and none of openai\/gpt-5/,
  );
  await using answers = await fixture(place("a.jsonl"), { model: after!, record: "missing" });
  expect(textOf(await answers.model.generate("a"))).toBe("gpt-5");
});

test("leaves nothing half written", async () => {
  async function* breaking(): AsyncGenerator<LoggedCall> {
    yield* await logged(scripted("a"), "a");
    throw new Error("no more");
  }
  await expect(writeFixture(place("a.jsonl"), breaking())).rejects.toThrow("no more");
  expect(readdirSync(folder)).toStrictEqual([]);
});
