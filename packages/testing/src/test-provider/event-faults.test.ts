import type { ModelEvent } from "@plugboard/core";
import { expect, test } from "vitest";
import { eventFaults } from "./event-faults.ts";

const start: ModelEvent = { type: "start", model: "polly" };
const finish: ModelEvent = { type: "finish", finishReason: "stop", usage: {} };
const hello: ModelEvent = { type: "text-delta", index: 0, text: "Hello" };
const helloPart: ModelEvent = { type: "part", index: 0, part: { type: "text", text: "Hello" } };
const call: ModelEvent = { type: "tool-call-start", index: 1, id: "a", name: "fly" };
const deltas: ModelEvent = { type: "tool-call-delta", index: 1, text: '{"to": 1}' };
const flown = (more: object = {}): ModelEvent => ({
  type: "part",
  index: 1,
  part: { type: "tool-call", id: "a", name: "fly", input: { to: 1 }, raw: '{"to": 1}', ...more },
});

test("has nothing against events in order", () => {
  const events = [
    start,
    hello,
    call,
    { type: "usage", usage: { output: 1 } },
    deltas,
    flown(),
    helloPart,
    finish,
  ] as const;
  expect(eventFaults(events, false)).toStrictEqual([]);
  expect(eventFaults([start, hello], true)).toStrictEqual([]);
});

test.for<readonly [string, RegExp, readonly ModelEvent[]]>([
  ["a missing start", /^start: event 0 is text-delta/, [hello, helloPart, finish]],
  ["a second start", /^start: event 1 is start/, [start, start, finish]],
  ["a missing finish", /^finish: the last event is part/, [start, hello, helloPart]],
  ["a finish too early", /^finish: event 1 of 3/, [start, finish, finish]],
  ["text that never became a part", /^part: index 0 has text deltas and no part/, [start, hello, finish]],
  [
    "deltas that differ from their part",
    /^deltas: add up to "HelloHello", the part is "Hello"/,
    [start, hello, hello, helloPart, finish],
  ],
  ["deltas after their part", /^part: text-delta for index 0/, [start, hello, helloPart, hello, helloPart, finish]],
  [
    "deltas of two types",
    /^deltas: index 0 has text deltas and reasoning/,
    [start, hello, { type: "reasoning-delta", index: 0, text: "!" }, helloPart, finish],
  ],
  [
    "text that became reasoning",
    /^deltas: text deltas became a reasoning part/,
    [start, hello, { type: "part", index: 0, part: { type: "reasoning", text: "Hello" } }, finish],
  ],
  ["arguments without a call", /^tool-call-delta: index 1 had no/, [start, deltas, flown(), finish]],
  [
    "a call of another id",
    /^tool-call-start: said the id "a", the part says "b"/,
    [start, call, deltas, flown({ id: "b" }), finish],
  ],
  [
    "a call of another name",
    /^tool-call-start: said the name "fly"/,
    [start, call, deltas, flown({ name: "run" }), finish],
  ],
  [
    "arguments that differ from `raw`",
    /^deltas: add up to .* the part's `raw`/,
    [start, call, deltas, flown({ raw: "{}" }), finish],
  ],
  [
    "arguments that differ from `input`",
    /^deltas: add up to .* the part's `input`/,
    [start, call, deltas, flown({ raw: undefined, input: {} }), finish],
  ],
  [
    "a call that never became a part, in an answer that is whole",
    /^part: index 1 has tool-call deltas and no part/,
    [start, call, deltas, finish],
  ],
])("tells of %s", ([_, fault, events]) => {
  expect(eventFaults(events, false).join("\n")).toMatch(fault);
});

test("allows a call that was cut short to have no part", () => {
  expect(eventFaults([start, call, deltas, { ...finish, finishReason: "length" }], false)).toStrictEqual([]);
});
