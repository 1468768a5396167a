import { expect, test } from "vitest";
import { countOf, listOf, objectOf, only, stringOf, without } from "./narrow.ts";

test("takes what it is asked for, and nothing else for it", () => {
  expect([{ a: 1 }, [1], null, "a", undefined].map(objectOf)).toEqual([
    { a: 1 },
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect([[1], { a: 1 }, null, undefined].map(listOf)).toEqual([[1], [], [], []]);
  expect(["a", "", 1, null, undefined].map(stringOf)).toEqual(["a", "", undefined, undefined, undefined]);
  expect([3, 0, -1, Infinity, "3", undefined].map(countOf)).toEqual([3, 0, undefined, undefined, undefined, undefined]);
});

test("leaves members out, and those that are not there", () => {
  const object = { a: 1, b: null, c: undefined, d: 2 };
  expect(without(object, "a")).toStrictEqual({ b: null, d: 2 });
  expect(object).toStrictEqual({ a: 1, b: null, c: undefined, d: 2 });
});

test("takes the members that are named, where they are there", () => {
  expect(only({ a: 1, b: null, c: undefined, d: 2 }, ["b", "c", "d", "e"])).toStrictEqual({ b: null, d: 2 });
});
