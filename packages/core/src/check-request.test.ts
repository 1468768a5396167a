import { describe, expect, test } from "vitest";
import type { ModelRequest } from "./index.ts";
import { ModelReply, defineModel } from "./index.ts";

const model = defineModel({
  provider: "p",
  id: "m",
  call: async () => ModelReply.of({ model: "m", content: [], finishReason: "stop", usage: {}, warnings: [] }),
});

const fine = { messages: [{ role: "user", content: "?" }] } as const;

describe("a request is refused before anything is sent, with the field and what it may be:", () => {
  test.each<[string, object, RegExp]>([
    ["no messages", { messages: [] }, /`messages` must be a list with at least one message; it is \[\]/],
    ["messages that are none", { messages: "hi" }, /`messages`/],
    [
      "an unknown role",
      { messages: [{ role: "robot", content: "?" }] },
      /`messages\[0\]\.role` must be system, user, assistant or tool; it is "robot"/,
    ],
    [
      "content that is neither text nor parts",
      { messages: [{ role: "user", content: 1 }] },
      /`messages\[0\]\.content`/,
    ],
    [
      "a tool message of text",
      { messages: [{ role: "tool", content: "42" }] },
      /`messages\[0\]\.content` must be a list of results/,
    ],
    ["NaN tokens", { maxOutputTokens: NaN }, /`maxOutputTokens` must be a whole number of at least 1; it is NaN/],
    ["no tokens", { maxOutputTokens: 0 }, /`maxOutputTokens`/],
    ["half a token", { maxOutputTokens: 1.5 }, /`maxOutputTokens`/],
    ["a temperature below zero", { temperature: -1 }, /`temperature` must be a number of at least 0; it is -1/],
    ["an endless temperature", { temperature: Infinity }, /`temperature`/],
    ["a temperature as text", { temperature: "0.7" }, /`temperature` .* it is "0.7"/],
    ["topP above one", { topP: 1.1 }, /`topP` must be a number from 0 to 1/],
    ["an uneven seed", { seed: 0.5 }, /`seed` must be a whole number;/],
    ["a deadline that is no time", { deadline: NaN }, /`deadline`/],
    ["a thinking budget below zero", { reasoning: { budgetTokens: -1 } }, /`reasoning\.budgetTokens`/],
    ["an empty stop text", { stop: [""] }, /`stop`/],
    ["a tool without a name", { tools: [{ name: "", input: {} }] }, /`tools\[0\]\.name`/],
    [
      "two tools of one name",
      {
        tools: [
          { name: "a", input: {} },
          { name: "a", input: {} },
        ],
      },
      /`tools\[1\]\.name` .*no other/,
    ],
    ["the choice of a tool that is not there", { toolChoice: { name: "b" } }, /`toolChoice\.name`/],
  ])("%s", async (_, change, message) => {
    await expect(model.generate({ ...fine, ...change })).rejects.toMatchObject({
      code: "invalid-request",
      message: expect.stringMatching(message),
    });
  });

  test("and one without fault is not", async () => {
    const request: ModelRequest = {
      ...fine,
      maxOutputTokens: 1,
      temperature: 0,
      topP: 1,
      seed: -3,
      stop: ["\n"],
      tools: [{ name: "a", input: { type: "object" } }],
      toolChoice: { name: "a" },
      reasoning: { budgetTokens: 0 },
    };
    expect((await model.generate(request)).finishReason).toBe("stop");
  });
});
