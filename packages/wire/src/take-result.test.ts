import type { Message, ToolResultPart, Warning } from "@plugboard/core";
import { expect, test } from "vitest";
import { takeResult } from "./take-result.ts";
import type { TakenResult } from "./take-result.ts";

const result = (id: string): ToolResultPart => ({ type: "tool-result", id, name: "weather", output: `of ${id}` });
const call = (id: string): Message => ({
  role: "assistant",
  content: [{ type: "tool-call", id, name: "weather", input: {} }],
});

function taken(
  id: string,
  place: number,
  messages: readonly Message[],
  answered: Set<ToolResultPart> = new Set(),
): { readonly found: TakenResult | undefined; readonly warnings: readonly Warning[] } {
  const warnings: Warning[] = [];
  const found = takeResult({ id, name: "weather" }, { messages, place, answered }, (warning) => warnings.push(warning));
  return { found, warnings };
}

test("takes the result of a call, and warns where something stands between", () => {
  const messages: Message[] = [
    call("a"),
    { role: "tool", content: [result("b"), result("a")] },
    { role: "user", content: "And?" },
    { role: "tool", content: [result("c")] },
  ];
  expect(taken("a", 0, messages)).toStrictEqual({
    found: { path: "messages[1].content[1]", result: result("a") },
    warnings: [],
  });
  expect(taken("c", 0, messages)).toMatchObject({
    found: { path: "messages[3].content[0]" },
    warnings: [
      { code: "adapted", path: "messages[3].content[0]", message: expect.stringContaining("moved") as unknown },
    ],
  });
});

test("takes a result once, and none from beyond the next turn of the model", () => {
  const messages: Message[] = [
    call("a"),
    { role: "tool", content: [result("a")] },
    call("a"),
    { role: "tool", content: [result("a")] },
  ];
  const answered = new Set<ToolResultPart>();
  expect(taken("a", 0, messages, answered).found).toMatchObject({ path: "messages[1].content[0]" });
  expect(taken("a", 0, messages, answered)).toMatchObject({
    found: undefined,
    warnings: [{ code: "adapted", path: "messages[0]", message: expect.stringContaining("weather") as unknown }],
  });
  expect(taken("a", 2, messages, answered).found).toMatchObject({ path: "messages[3].content[0]" });
});
