import fc from "fast-check";
import type { Json } from "@plugboard/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { answerOf } from "../test-answer.ts";
import { jsonDifference } from "./json-difference.ts";
import { jsonIn } from "./json-in.ts";
import { jsonSchema } from "./json-schema.ts";

test.each([
  ['{"a":1}', { a: 1 }],
  ['Here you are:\n```json\n{"a":1}\n```\nAnything else?', { a: 1 }],
  ['It is {"a": "}\\"{"} as you see', { a: '}"{' }],
  ["[1, 2] and [3]", [1, 2]],
  ["no {json", undefined],
  ["", undefined],
])("finds the JSON of %j", (text, value) => {
  expect(jsonIn(text)).toStrictEqual(value);
});

test.each<[said: string, expected: Json, score: number]>([
  ['{"b":2,"a":1.0}', { a: 1, b: 2 }, 1],
  ['{"a":1,"b":2}', { a: 1, b: 3 }, 1 / 2],
  ['{"a":1}', { a: 1, b: { c: 1, d: 2 } }, 1 / 3],
  ['{"a":1,"more":true}', { a: 1 }, 1 / 2],
  ["[1,2,3]", [1, 2, 4], 2 / 3],
  ["[3,1]", [1, 3], 0],
  ["{}", {}, 1],
  ['"x"', { a: 1 }, 0],
  ["none", { a: 1 }, 0],
])("of %s where %j is expected: %d", (said, expected, score) => {
  expect(jsonDifference().score(answerOf(said, { expected }))).toBeCloseTo(score, 12);
});

test("compares as loosely as it is told", () => {
  const score = (said: string, expected: Json, options: object): unknown =>
    jsonDifference(options).score(answerOf(said, { expected }));
  expect(score("[3,1]", [1, 3], { anyOrder: true })).toBe(1);
  expect(
    score(
      '[{"a":1,"b":1},{"a":2,"b":2}]',
      [
        { a: 2, b: 3 },
        { a: 1, b: 1 },
      ],
      { anyOrder: true },
    ),
  ).toBe(0.75);
  expect(score("[1.04]", [1], { tolerance: 0.05 })).toBe(1);
  expect(score('["New York!"]', ["new york"], { looseText: true })).toBe(1);
});

test("is 1 for the same JSON, and the same from either side", () => {
  const value = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
  fc.assert(
    fc.property(value, value, (left, right) => {
      const score = (said: Json, expected: Json): unknown =>
        jsonDifference({ expected: () => [expected] }).score(answerOf(JSON.stringify([said]), {}));
      expect(score(left, JSON.parse(JSON.stringify(left)) as Json)).toBe(1);
      expect(score(left, right)).toBeCloseTo(Number(score(right, left)), 12);
    }),
  );
});

test("takes what is expected as text that is JSON, and refuses text that is none", () => {
  expect(jsonDifference().score(answerOf("[1]", { expected: "[1]" }))).toBe(1);
  expect(() => jsonDifference().score(answerOf("[1]", { expected: "one" }))).toThrow("must be JSON");
});

test("holds JSON to a schema", async () => {
  const city = z.object({ city: z.string(), degrees: z.number().int() });
  expect(await jsonSchema(city).score(answerOf('Sure: {"city":"Rome","degrees":21}', {}))).toBe(true);
  expect(await jsonSchema(city, { strict: true }).score(answerOf('Sure: {"city":"Rome","degrees":21}', {}))).toBe(
    false,
  );
  expect(await jsonSchema(city).score(answerOf('{"city":"Rome","degrees":2.5}', {}))).toBe(false);
  expect(await jsonSchema(city).score(answerOf("Rome, 21", {}))).toBe(false);
  const plain = z.fromJSONSchema({ type: "object", properties: { a: { type: "number" } }, required: ["a"] });
  expect(await jsonSchema(plain).score(answerOf('{"a":"1"}', {}))).toBe(false);
  expect(await jsonSchema(() => undefined).score(answerOf("{}", {}))).toBeUndefined();
});
