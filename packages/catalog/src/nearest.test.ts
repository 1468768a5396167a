import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

const names = ["gpt-4", "gpt-4o", "gpt-4o-mini", "claude-haiku-4-5", "o1"];

test("finds names with a slip, the likeliest first", () => {
  expect(nearest("gpt4o", names)[0]).toBe("gpt-4o");
  expect(nearest("claude-haiku-45", names)).toEqual(["claude-haiku-4-5"]);
});

test("finds a name that is part of the one asked for", () => {
  expect(nearest("gpt-4o-mini-2024-07-18", names)[0]).toBe("gpt-4o-mini");
});

test("offers nothing rather than anything", () => {
  expect(nearest("llama", names)).toEqual([]);
});
