import { expect, test } from "vitest";
import type { AnsweredCall } from "../scorer.ts";
import { answerOf } from "../test-answer.ts";
import { toolCalls } from "./tool-calls.ts";
import type { ExpectedCall, ToolCallsOptions } from "./tool-calls.ts";

const rome: AnsweredCall = { name: "weather", input: { city: "Rome", days: 2 } };
const bonn: AnsweredCall = { name: "weather", input: { city: "Bonn" } };
const time: AnsweredCall = { name: "time", input: {} };

function score(
  said: readonly AnsweredCall[],
  expected: readonly ExpectedCall[],
  options: ToolCallsOptions<unknown> = {},
): unknown {
  return toolCalls({ ...options, expected: () => expected }).score(answerOf("", {}, { toolCalls: said }));
}

test.each<[what: string, said: readonly AnsweredCall[], expected: readonly ExpectedCall[], scores: object]>([
  [
    "the same call with its keys in another order",
    [rome],
    [{ name: "weather", input: { days: 2, city: "Rome" } }],
    { toolCalls: 1, toolNames: 1, toolArguments: 1 },
  ],
  ["another argument", [bonn], [rome], { toolCalls: 0, toolNames: 1, toolArguments: 0 }],
  ["another tool", [time], [rome], { toolCalls: 0, toolNames: 0 }],
  ["none", [], [rome], { toolCalls: 0, toolNames: 0 }],
  ["one too many", [rome, time], [rome], { toolCalls: 0, toolNames: 0.5, toolArguments: 1 }],
  ["two in another order", [bonn, rome], [rome, bonn], { toolCalls: 1, toolNames: 1, toolArguments: 1 }],
  ["none, and none expected", [], [], { toolCalls: 1, toolNames: 1 }],
  ["one, and none expected", [time], [], { toolCalls: 0, toolNames: 0 }],
  ["any arguments", [rome], [{ name: "weather" }], { toolCalls: 1, toolNames: 1, toolArguments: 1 }],
  [
    "arguments that are no JSON",
    [{ name: "time", input: {}, invalid: true }],
    [time],
    { toolCalls: 0, toolNames: 1, toolArguments: 0 },
  ],
])("%s", (_, said, expected, scores) => {
  expect(score(said, expected)).toStrictEqual(scores);
});

test("holds to the order where it is told to", () => {
  expect(score([bonn, time], [time, bonn], { order: true })).toStrictEqual({ toolCalls: 0, toolNames: 0 });
  expect(score([bonn, time], [bonn, time], { order: true })).toMatchObject({ toolCalls: 1 });
});

test("lets optional arguments be left out, and no others", () => {
  const expected = { name: "weather", input: { city: "Rome", days: 2 }, optional: ["days"] };
  expect(score([{ name: "weather", input: { city: "Rome" } }], [expected])).toMatchObject({ toolCalls: 1 });
  expect(score([{ name: "weather", input: { city: "Rome", days: 3 } }], [expected])).toMatchObject({ toolCalls: 0 });
  expect(score([{ name: "weather", input: { days: 2 } }], [expected])).toMatchObject({ toolCalls: 0 });
});

test("finds each call its partner, though one would do for several", () => {
  const any = { name: "weather" };
  expect(score([bonn, rome], [any, bonn])).toMatchObject({ toolCalls: 1 });
});

test("reads the row's `expected`, and refuses what is no list of calls", () => {
  const given = { toolCalls: [rome] };
  expect(toolCalls().score(answerOf("", { expected: [rome] }, given))).toMatchObject({ toolCalls: 1 });
  expect(toolCalls().score(answerOf("", {}, given))).toBeUndefined();
  expect(() => toolCalls().score(answerOf("", { expected: ["weather"] }, given))).toThrow("must be a list of calls");
});
