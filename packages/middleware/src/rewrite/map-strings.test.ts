import { describe, expect, test } from "vitest";
import type { AssistantPart, Json, Message } from "@plugboard/core";
import { mapData, mapJson, mapPart, mapPrompt } from "./map-strings.ts";

const map = (text: string): string => text.replaceAll("old", "new");

describe("a value", () => {
  test("has all its texts mapped, and the names in JSON", () => {
    const value = { old: ["old", 1, null, { a: "not so" }], b: true };
    expect(mapJson(value, map)).toEqual({ new: ["new", 1, null, { a: "not so" }], b: true });
    expect(mapData(value, map)).toEqual({ old: ["new", 1, null, { a: "not so" }], b: true });
  });

  test("is the same object where nothing changes, and so is all in it that does not", () => {
    const value = { a: [{ b: "x" }], c: ["old"] };
    expect(mapJson({ a: 1 }, map)).toEqual({ a: 1 });
    expect(mapJson(value.a, map)).toBe(value.a);
    expect(mapJson(value, map).a).toBe(value.a);
  });

  test("keeps names that JavaScript keeps for itself, and objects without a prototype", () => {
    const value = Object.assign(Object.create(null) as Record<string, Json>, { constructor: "old" });
    Object.defineProperty(value, "__proto__", {
      value: { a: "old" },
      enumerable: true,
      configurable: true,
      writable: true,
    });
    const mapped = mapJson(value, map);
    expect(Object.getPrototypeOf(mapped)).toBeNull();
    expect(JSON.stringify(mapped)).toBe('{"constructor":"new","__proto__":{"a":"new"}}');
    const plain = mapJson(JSON.parse('{"__proto__": "old"}') as Json, map);
    expect(JSON.stringify(plain)).toBe('{"__proto__":"new"}');
    expect(Object.getPrototypeOf(plain)).toBe(Object.prototype);
  });

  test("keeps bytes and addresses as they are", () => {
    const value = { data: new Uint8Array([1]), url: new URL("https://old.example") };
    expect(mapData(value, map)).toBe(value);
  });
});

test("a part keeps its id, its type and the name of its tool", () => {
  const parts: AssistantPart[] = [
    { type: "tool-call", id: "old", name: "old", input: {} },
    { type: "tool-result", id: "old", name: "old", output: [{ type: "text", text: "fine" }] },
    { type: "opaque", kind: "old", providerData: { old: { old: 1 } } },
  ];
  for (const part of parts) expect(mapPart(part, { map, keepsData: false })).toBe(part);
});

test("a part whose text changes loses what its provider wants back, unless it is to be kept", () => {
  const part = { type: "reasoning", text: "old", providerData: { test: { signature: "x" } } } as const;
  expect(mapPart(part, { map, keepsData: false })).toEqual({ type: "reasoning", text: "new" });
  expect(mapPart(part, { map, keepsData: true })).toEqual({ ...part, text: "new" });
});

test("a prompt is changed in the texts of its messages and what comes after, and nowhere else", () => {
  const messages: readonly Message[] = [
    { role: "user", content: "same" },
    { role: "assistant", content: [{ type: "text", text: "old" }], providerData: { old: { id: "old" } } },
  ];
  const prompt = { messages, suffix: "old", stop: ["old"], tags: { old: "old" } };
  const mapped = mapPrompt(prompt, map);
  expect(mapped).toEqual({
    messages: [messages[0], { ...messages[1], content: [{ type: "text", text: "new" }] }],
    suffix: "new",
    stop: ["old"],
    tags: { old: "old" },
  });
  expect(mapped.messages[0]).toBe(messages[0]);
  expect(mapPrompt({ messages: [messages[0]!] }, () => "same")).toMatchObject({ messages: [messages[0]] });
});
