import type { Message, ToolResultPart } from "@plugboard/core";
import { expect, test } from "vitest";
import { findResult } from "./find-result.ts";

const result = (id: string): ToolResultPart => ({ type: "tool-result", id, name: "weather", output: `of ${id}` });
const call = (id: string): Message => ({
  role: "assistant",
  content: [{ type: "tool-call", id, name: "weather", input: {} }],
});

test("finds the result of a call, and says whether something stands between", () => {
  const messages: Message[] = [
    call("a"),
    { role: "tool", content: [result("b"), result("a")] },
    { role: "user", content: "And?" },
    { role: "tool", content: [result("c")] },
  ];
  const none = new Set<ToolResultPart>();
  const found = { path: "messages[1].content[1]", late: false, result: { id: "a" } };
  expect(findResult(messages, 0, "a", none)).toMatchObject(found);
  expect(findResult(messages, 0, "c", none)).toMatchObject({ path: "messages[3].content[0]", late: true });
});

test("finds no result that is taken, and none from beyond the next turn of the model", () => {
  const taken = result("a");
  const messages: Message[] = [
    call("a"),
    { role: "tool", content: [taken] },
    call("a"),
    { role: "tool", content: [result("a")] },
  ];
  expect(findResult(messages, 0, "a", new Set([taken]))).toBeUndefined();
  expect(findResult(messages, 2, "a", new Set([taken]))).toMatchObject({ path: "messages[3].content[0]" });
});
