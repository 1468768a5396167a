import { expect, test } from "vitest";
import { userMessages } from "./user-messages.ts";

const text = (said: string) => ({ type: "text", text: said }) as const;
const result = { type: "tool-result", id: "a", name: "fly", output: "done" } as const;
const opaque = { type: "opaque", kind: "search", providerData: {} } as const;

test("makes a message of every run of words and of results", () => {
  expect(userMessages([result, opaque, text("And"), text("now?"), result])).toStrictEqual([
    { role: "tool", content: [result, opaque] },
    { role: "user", content: [text("And"), text("now?")] },
    { role: "tool", content: [result] },
  ]);
  expect(userMessages([])).toStrictEqual([]);
});
