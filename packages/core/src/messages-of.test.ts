import { expect, test } from "vitest";
import type { AssistantPart, ToolResultPart } from "./part.ts";
import { messagesOf } from "./messages-of.ts";
import { text, toolCall } from "../test/scripted-model.ts";

const result = (id: string, more: Partial<ToolResultPart> = {}): ToolResultPart => ({
  type: "tool-result",
  id,
  name: "t",
  output: id,
  ...more,
});

test("gives each step and its results turns of their own, as the model was told them", () => {
  const content: AssistantPart[] = [
    text("Let me see."),
    toolCall("1", "t", {}, { executed: true, raw: "{ }" }),
    toolCall("2", "t", {}, { executed: true }),
    result("1", { executed: true }),
    result("2", { executed: true, isError: true }),
    text("Done."),
  ];
  expect(messagesOf({ content })).toEqual([
    {
      role: "assistant",
      content: [text("Let me see."), toolCall("1", "t", {}, { raw: "{ }" }), toolCall("2", "t", {})],
    },
    { role: "tool", content: [result("1"), result("2", { isError: true })] },
    { role: "assistant", content: [text("Done.")] },
  ]);
});

test("leaves what the provider ran, and calls that nobody answered, where they were", () => {
  const content: AssistantPart[] = [
    toolCall("s", "search", {}, { executed: true }),
    result("s", { executed: true, providerData: { anthropic: { type: "web_search_tool_result" } } }),
    toolCall("1", "t", {}),
  ];
  expect(messagesOf({ content })).toEqual([{ role: "assistant", content }]);
});

test("makes nothing of an empty answer", () => {
  expect(messagesOf({ content: [] })).toEqual([]);
});
