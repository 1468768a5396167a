import { AIMessage, HumanMessage, ToolMessage, mapChatMessagesToStoredMessages } from "@langchain/core/messages";
import type { Json } from "@plugboard/core";
import { expect, test } from "vitest";
import { langchainMessages } from "./index.ts";

const messages = [
  new HumanMessage("Weather?"),
  new AIMessage({ content: "Let me see.", tool_calls: [{ id: "c1", name: "weather", args: { city: "Faro" } }] }),
  new ToolMessage({ tool_call_id: "c1", name: "weather", content: "3", status: "error" }),
];
const expected = [
  { role: "user", content: "Weather?" },
  {
    role: "assistant",
    content: [
      { type: "text", text: "Let me see." },
      { type: "tool-call", id: "c1", name: "weather", input: { city: "Faro" } },
    ],
  },
  { role: "tool", content: [{ type: "tool-result", id: "c1", name: "weather", output: "3", isError: true }] },
];

test("reads messages as chat histories of LangChain store them", async () => {
  const stored = JSON.parse(JSON.stringify(mapChatMessagesToStoredMessages(messages))) as Json;
  expect((await langchainMessages.read(stored)).conversation.messages).toStrictEqual(expected);
});

test("reads messages that LangChain serialized whole", async () => {
  const whole = JSON.parse(JSON.stringify(messages)) as Json;
  expect(whole).toMatchObject([{ lc: 1, type: "constructor" }, {}, {}]);
  expect((await langchainMessages.read(whole)).conversation.messages).toStrictEqual(expected);
});

test("reads messages as Python's LangChain has them", async () => {
  // `messages_to_dict` of langchain_core.
  const { conversation } = await langchainMessages.read([
    {
      type: "human",
      data: { content: "Weather?", additional_kwargs: {}, response_metadata: {}, type: "human", name: null, id: null },
    },
    {
      type: "ai",
      data: {
        content: "",
        additional_kwargs: {},
        response_metadata: {},
        type: "ai",
        name: null,
        id: "run-1",
        tool_calls: [{ name: "weather", args: { city: "Faro" }, id: "c1", type: "tool_call" }],
        invalid_tool_calls: [],
        usage_metadata: null,
      },
    },
    {
      type: "tool",
      data: {
        content: "3",
        additional_kwargs: {},
        response_metadata: {},
        type: "tool",
        name: "weather",
        id: null,
        tool_call_id: "c1",
        artifact: null,
        status: "success",
      },
    },
  ]);
  expect(conversation.messages).toStrictEqual([
    { role: "user", content: "Weather?" },
    { role: "assistant", content: [{ type: "tool-call", id: "c1", name: "weather", input: { city: "Faro" } }] },
    { role: "tool", content: [{ type: "tool-result", id: "c1", name: "weather", output: "3" }] },
  ]);
});

test.each([
  [{}, "messages"],
  [[{ type: "robot", data: {} }], "messages[0].type"],
  [[{ type: "human", data: {} }], "messages[0].data.content"],
  [[{ type: "tool", data: { content: "" } }], "messages[0].data.tool_call_id"],
])("refuses what is no message of LangChain's: the field is told", async (json, field) => {
  const told = expect.stringContaining(`\`${field}\``) as string;
  await expect(langchainMessages.read(json)).rejects.toMatchObject({ code: "invalid-request", message: told });
});
