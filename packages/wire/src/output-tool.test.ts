import type { Tool } from "@plugboard/core";
import { expect, test } from "vitest";
import { legalNames } from "./legal-names.ts";
import { answerOf, answerText, outputToolOf } from "./output-tool.ts";

const names = legalNames([], { legal: (name) => name.replaceAll(" ", "_"), longest: 64 });

test("an object is the input itself, under a name that no tool has", () => {
  const schema = { type: "object", properties: { city: { type: "string" } } };
  const tools: Tool[] = [
    { name: "the answer", input: { type: "object" } },
    { type: "provider", id: "x.run", name: "the answer_" },
  ];
  const output = { schema, name: "the answer", description: "A city." };
  expect(outputToolOf(output, tools, names)).toEqual({
    name: "the_answer__",
    wrapped: false,
    description: "Gives the final answer. A city.",
    input: schema,
  });
});

test("anything else is its member `value`, and definitions stay where references find them", () => {
  const node = { type: "string" };
  const list = { type: "array", items: { anyOf: [{ $ref: "#/$defs/node" }, { $ref: "#/definitions/old" }] } };
  const offered = outputToolOf({ schema: { ...list, $defs: { node }, definitions: { old: node } } }, [], names);
  expect(offered).toMatchObject({ name: "output", wrapped: true });
  expect(offered.input).toEqual({
    type: "object",
    properties: { value: list },
    required: ["value"],
    $defs: { node },
    definitions: { old: node },
  });
});

test("without a schema it takes any object", () => {
  expect(outputToolOf({}, [], names)).toMatchObject({
    wrapped: false,
    input: { type: "object", additionalProperties: true },
  });
});

test("the answer is what the model gave the tool", () => {
  const [plain, wrapped] = [false, true].map((is) => ({ name: "output", wrapped: is }));
  expect(answerOf({ a: 1 }, plain!)).toEqual({ a: 1 });
  expect(answerOf({ value: [1] }, wrapped!)).toEqual([1]);
  expect(answerOf("no object", wrapped!)).toBeNull();
  expect(answerText('{ "a": 1 }', plain!)).toBe('{ "a": 1 }');
  expect(answerText("", plain!)).toBe("{}");
  expect(answerText('{ "value": [1] }', wrapped!)).toBe("[1]");
  expect(answerText('{ "value": [1', wrapped!)).toBe('{ "value": [1');
});
