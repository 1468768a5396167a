import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Conversation } from "../conversation.ts";
import { trainingFormatNamed } from "./training-formats.ts";
import { writeDataset } from "./write-dataset.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dataset-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const talks: Conversation[] = Array.from({ length: 30 }, (_, place) => ({
  messages: [
    { role: "user", content: `question ${"abcdefghijklmnopqrstuvwxyzäöüß"[place]}` },
    { role: "assistant", content: "Yes." },
  ],
}));
const format = trainingFormatNamed("openai");

test("writes what is learnt, what is tried and what was left out each into a file", async () => {
  const train = join(folder, "set.jsonl");
  const broken: Conversation = { messages: [{ role: "user", content: "a" }] };
  const report = await writeDataset([...talks, broken], { train }, { format, validation: 0.3 });
  expect(readdirSync(folder).toSorted()).toStrictEqual([
    "set.jsonl",
    "set.jsonl.problems.jsonl",
    "set.validation.jsonl",
  ]);
  const count = (name: string): number => readFileSync(join(folder, name), "utf8").trimEnd().split("\n").length;
  expect([count("set.jsonl"), count("set.validation.jsonl"), count("set.jsonl.problems.jsonl")]).toStrictEqual([
    report.train,
    report.validation,
    1,
  ]);
  expect(report.train + report.validation).toBe(30);
});

test("leaves nothing behind when the examples break off", async () => {
  async function* breaking(): AsyncGenerator<Conversation> {
    yield* talks;
    throw new Error("no more");
  }
  await expect(
    writeDataset(breaking(), { train: join(folder, "set.jsonl") }, { format, validation: 0.5 }),
  ).rejects.toThrow("no more");
  expect(readdirSync(folder)).toStrictEqual([]);
});
