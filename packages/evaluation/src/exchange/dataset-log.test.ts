import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Notice } from "@plugboard/core";
import { scripted, scriptedAs } from "@plugboard/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jsonl } from "../dataset/jsonl.ts";
import { evaluate } from "../evaluate/evaluate.ts";
import type { EvaluationRow } from "../evaluate/evaluation-row.ts";
import { datasetLog } from "./dataset-log.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "log-"));
});
afterAll(() => rm(directory, { recursive: true }));

function path(): string {
  return join(directory, `${crypto.randomUUID()}.jsonl`);
}

async function rowsOf(path: string): Promise<EvaluationRow[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as EvaluationRow);
}

test("makes a dataset of what was asked and answered, which other models can be evaluated on", async () => {
  const file = path();
  const log = datasetLog(file);
  const model = scriptedAs({ provider: "p", id: "now" }, ["Paris", { usage: { input: 4, output: 1 } }]).with(log);
  const tags = { feature: "quiz" };
  await model.generate({ messages: [{ role: "user", content: "The capital of France?" }], tags });
  await (await model.stream("And of France again?")).text();
  await log.close();

  const rows = await rowsOf(file);
  expect(rows[0]).toMatchObject({
    messages: [{ role: "user", content: "The capital of France?" }],
    segments: { feature: "quiz" },
    models: { "p/now": { output: "Paris", usage: { input: 4, output: 1 }, finishReason: "stop" } },
  });
  expect(rows[1]!.models!["p/now"]!.firstContentMs).toBeTypeOf("number");

  const next = scripted("Rome");
  const { models } = await evaluate({
    dataset: jsonl(file),
    models: { now: "p/now", next },
    scorers: { paris: ({ text }) => text === "Paris" },
  }).result();
  expect([models["now"]!.scores["paris"]!.mean, models["next"]!.scores["paris"]!.mean]).toStrictEqual([1, 0]);
  expect(next.requests[0]!.messages).toStrictEqual([{ role: "user", content: "The capital of France?" }]);
});

test("logs failures, and not what was called off or carries files", async () => {
  const file = path();
  const log = datasetLog(file);
  const model = scripted({ error: "server" }, ["begun", { hang: true }], "seen").with(log);
  await expect(model.generate("a")).rejects.toMatchObject({ code: "server" });
  const reply = await model.stream("b");
  reply.cancel();
  const image = { type: "file", mediaType: "image/png", data: new Uint8Array([1]) } as const;
  await model.generate({ messages: [{ role: "user", content: [image] }] });
  await log.close();
  const rows = await rowsOf(file);
  expect(rows.map(({ models }) => models)).toMatchObject([{ "scripted/scripted": { error: { code: "server" } } }]);
});

test("writes what `rewrite` leaves, of the share that is wanted", async () => {
  const file = path();
  const draws = [0.1, 0.9, 0.1];
  const log = datasetLog(file, {
    share: 0.5,
    random: () => draws.shift()!,
    rewrite: (row) => (JSON.stringify(row.messages).includes("secret") ? undefined : { id: row.id!, prompt: "kept" }),
  });
  const model = scripted("x").with(log);
  for (const question of ["hello", "not drawn", "secret"]) await model.generate(question);
  await log.close();
  expect(await rowsOf(file)).toStrictEqual([{ id: expect.any(String) as string, prompt: "kept" }]);
});

test("tells of a log that cannot be written, and answers all the same", async () => {
  const told: Notice[] = [];
  const log = datasetLog(join(directory, "no", "such", "folder.jsonl"));
  const result = await scripted("x")
    .with(log)
    .generate({
      messages: [{ role: "user", content: "hi" }],
      notify: (notice) => void told.push(notice),
    });
  expect(result.finishReason).toBe("stop");
  await log.close().catch(() => {});
  expect(told.map(({ type }) => type)).toContain("fault");
});
