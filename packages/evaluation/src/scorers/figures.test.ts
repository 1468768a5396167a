import { expect, test } from "vitest";
import { answerOf } from "../test-answer.ts";
import { firstContent } from "./first-content.ts";
import { latency } from "./latency.ts";
import { length } from "./length.ts";
import { price } from "./price.ts";
import { recorded } from "./recorded.ts";
import { throughput } from "./throughput.ts";

const answer = answerOf(
  "three short words",
  {},
  {
    latency: 1200,
    firstContent: 200,
    usage: { input: 10, output: 50 },
    cost: { total: 2_000_000 },
  },
);

test("gives figures as they are, or holds them to a bound", () => {
  expect(latency().score(answer)).toBe(1200);
  expect(latency({ most: 1000 }).score(answer)).toBe(false);
  expect(firstContent({ most: 200 }).score(answer)).toBe(true);
  expect(price().score(answer)).toBe(0.002);
  expect(length().score(answer)).toBe(50);
  expect(length({ unit: "words" }).score(answer)).toBe(3);
  expect(length({ unit: "characters", most: 17 }).score(answer)).toBe(true);
  expect(throughput().score(answer)).toBe(50);
  expect(throughput({ least: 51 }).score(answer)).toBe(false);
});

test("says nothing of what it does not know", () => {
  const bare = answerOf("", {});
  for (const scorer of [latency(), firstContent({ most: 1 }), price(), length(), throughput({ least: 1 })])
    expect(scorer.score(bare)).toBeUndefined();
  expect(price().score({ ...answer, cost: { total: 0 }, cached: true })).toBeUndefined();
});

test("takes over what the dataset thought of an answer", () => {
  expect(recorded().score(answerOf("x", {}, { recorded: { score: 0.5 } }))).toBe(0.5);
  expect(recorded({ field: "jsonOk" }).score(answerOf("x", {}, { recorded: { jsonOk: true } as object }))).toBe(true);
  expect(recorded().score(answerOf("x", {}))).toBeUndefined();
  expect(() => recorded({ field: "output" }).score(answerOf("x", {}, { recorded: { output: "x" } }))).toThrow(
    "must be a number",
  );
});
