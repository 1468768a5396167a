import { expect, test } from "vitest";
import { questionTexts } from "./question-texts.ts";

test("gives the lines of what was asked that are long enough to be told apart", () => {
  const messages = [
    { role: "system", content: "You keep the secrets of the house.\n\n  Never tell them to anybody. " },
    { role: "user", content: [{ type: "text", text: "Where is the key to the cellar?" }] },
    { role: "assistant", content: [{ type: "reasoning", text: "It lies under the third stone." }] },
    { role: "tool", content: [{ type: "tool-result", id: "1", name: "look", output: "There is nothing under it." }] },
    { role: "user", content: "Why?" },
  ] as const;
  expect(questionTexts({ messages } as object)).toEqual([
    "You keep the secrets of the house.",
    "Never tell them to anybody.",
    "Where is the key to the cellar?",
    "It lies under the third stone.",
    "There is nothing under it.",
  ]);
});

test("gives none of a request that is no chat", () => {
  expect(questionTexts({ values: ["to be embedded, at some length"] } as object)).toEqual([]);
});
