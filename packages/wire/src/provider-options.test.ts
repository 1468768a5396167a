import type { JsonObject } from "@plugboard/core";
import { expect, test } from "vitest";
import { mergeProviderOptions } from "./provider-options.ts";

test("merges objects and replaces the rest, without touching what it was given", () => {
  const body = { model: "a", stream_options: { include_usage: true }, stop: ["x"], n: 1 };
  const merged = mergeProviderOptions(body, {
    stream_options: { extra: 1 },
    stop: ["y"],
    n: null,
    user: "u",
    gone: undefined,
  });
  expect(merged).toEqual({
    model: "a",
    stream_options: { include_usage: true, extra: 1 },
    stop: ["y"],
    n: null,
    user: "u",
  });
  expect(body.stream_options).toEqual({ include_usage: true });
  expect(mergeProviderOptions(body, undefined)).toBe(body);
});

test("never changes a prototype", () => {
  const options = JSON.parse('{"__proto__":{"admin":true},"a":{"__proto__":{"admin":true}}}') as JsonObject;
  const merged = mergeProviderOptions({ a: {} }, options);
  expect(merged).toEqual({ a: {} });
  expect("admin" in merged).toBe(false);
});
