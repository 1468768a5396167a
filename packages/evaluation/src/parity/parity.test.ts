import { scripted, scriptedAs } from "@plugboard/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { exact } from "../scorers/exact.ts";
import { measured, ones } from "./measured.samples.ts";
import { parity } from "./parity.ts";

const gates = { quality: { score: "exact", margin: 0.03 } } as const;
const dataset = Array.from({ length: 150 }, (_, place) => ({
  id: `${place}`,
  prompt: `What is ${place}?`,
  expected: `${place}`,
  models: { recorded: { output: place < 50 ? "no idea" : `${place}` } },
}));

/** Answers with the number it is asked for. */
function knowing(id: string): ReturnType<typeof scripted> {
  return scriptedAs({ provider: "school", id }, ({ messages }) => /\d+/.exec(JSON.stringify(messages.at(-1)))![0]);
}

test("asks both models every item, and compares them under their names", async () => {
  const [large, small] = [knowing("large"), knowing("small")];
  const result = await parity(large, small, { dataset, scorers: [exact()], gates });
  expect(result).toMatchObject({ verdict: "pass", baseline: "school/large", candidate: "school/small", items: 150 });
  expect(result.measurements).toHaveLength(300);
  expect([large.requests.length, small.requests.length]).toEqual([150, 150]);
});

test("takes answers that rows carry, and rows that a schema checks", async () => {
  const result = await parity(knowing("large"), "recorded", {
    dataset,
    row: z.object({ id: z.string(), prompt: z.string(), expected: z.string(), models: z.any() }),
    scorers: [exact()],
    gates,
  });
  expect(result).toMatchObject({
    verdict: "fail",
    candidate: "recorded",
    gates: [{ difference: { estimate: -1 / 3 } }],
  });
});

test("draws the verdict from a log without asking anybody", async () => {
  async function* log() {
    yield* measured("a", ones(400));
    yield* measured("b", ones(400));
  }
  await expect(parity("a", "b", { log: log(), gates })).resolves.toMatchObject({ verdict: "pass" });
});

test("counts a model's failures, and asks nobody for gates that mean nothing", async () => {
  const failing = scripted({ error: "server" });
  const result = await parity(knowing("large"), failing, { dataset, scorers: [exact()], gates });
  expect(result).toMatchObject({ verdict: "fail", gates: [{ difference: { estimate: -1 } }] });
  const unasked = knowing("unasked");
  await expect(parity(unasked, failing, { dataset, scorers: [exact()], gates: {} })).rejects.toMatchObject({
    code: "invalid-request",
  });
  expect(unasked.requests).toHaveLength(0);
});
