import { evaluate } from "@plugboard/evaluation";
import type { EvaluationRow } from "@plugboard/evaluation";
import { scripted, scriptedAs } from "@plugboard/testing";
import { expect, expectTypeOf, test } from "vitest";
import { allOf, bytesOf } from "../all-of.ts";
import { evaluationRows } from "./evaluation-rows.ts";
import type { LoggedRow } from "./evaluation-rows.ts";
import type { LoggedCall } from "./logged-call.ts";
import { readLog } from "./read-log.ts";
import { record } from "./record.ts";

const tools = [{ name: "weather", input: { type: "object" } }];
const image = { type: "file", mediaType: "image/png", data: new Uint8Array([1]) } as const;

async function traffic(): Promise<LoggedCall[]> {
  const lines: string[] = [];
  const log = record({ write: async (more) => void lines.push(...more) });
  const model = scriptedAs({ provider: "p", id: "now" }, ["Paris", { usage: { input: 4, output: 1 } }], "Paris", {
    error: "server",
  }).with(log);
  const question = { role: "user", content: "The capital of France?" } as const;
  await model.generate({ messages: [question], tools, temperature: 0, tags: { feature: "quiz" } });
  const more = [question, { role: "assistant", content: "Paris" }, { role: "user", content: [image] }] as const;
  await (await model.stream({ messages: more })).text();
  await model.generate("x").catch(() => {});
  const reply = await scripted(["begun", { hang: true }])
    .with(log)
    .stream("let go");
  reply.cancel();
  await log.flush();
  return allOf(readLog(bytesOf(lines)));
}

test("makes rows of what was asked and answered; calls of a conversation are one cluster", async () => {
  expectTypeOf<LoggedRow>().toExtend<EvaluationRow>();
  const rows = await allOf(evaluationRows(await traffic()));
  expect(rows).toMatchObject([
    {
      messages: [{ content: "The capital of France?" }],
      request: { tools, temperature: 0 },
      segments: { feature: "quiz" },
      models: { "p/now": { output: "Paris", usage: { input: 4, output: 1 }, finishReason: "stop" } },
    },
    { models: { "p/now": { firstContentMs: expect.any(Number) as number } } },
    { models: { "p/now": { error: { code: "server" } } } },
  ]);
  expect(rows[1]!.cluster).toBe(rows[0]!.cluster);
  expect(rows[2]!.cluster).not.toBe(rows[0]!.cluster);
});

test("is a dataset: given answers are scored, and others are asked the very same, files and tools included", async () => {
  const next = scripted("Rome");
  const { models } = await evaluate({
    dataset: evaluationRows(await traffic()),
    models: { now: "p/now", next },
    scorers: { paris: ({ text }) => text === "Paris" },
  }).result();
  expect([models["now"]!.scores["paris"]!.mean, models["next"]!.scores["paris"]!.mean]).toStrictEqual([1, 0]);
  expect(next.requests[0]).toMatchObject({ messages: [{ content: "The capital of France?" }], tools, temperature: 0 });
  expect(next.requests[1]!.messages[2]).toStrictEqual({ role: "user", content: [image] });
});
