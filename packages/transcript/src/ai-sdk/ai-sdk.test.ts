import { convertToModelMessages, modelMessageSchema, safeValidateUIMessages } from "ai";
import type { UIMessage } from "ai";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyConversation } from "../any-conversation.arbitrary.ts";
import { aiSdkMessages } from "./model-messages.ts";
import { aiSdkUiMessages } from "./ui-messages.ts";

test("writes messages that the AI SDK takes", async () => {
  await fc.assert(
    fc.asyncProperty(anyConversation, async (conversation) => {
      const { json } = await aiSdkMessages.write(conversation);
      const faults = (json as unknown[]).flatMap((message) => {
        const { error } = modelMessageSchema.safeParse(message);
        return error ? [{ message, error: error.message }] : [];
      });
      expect(faults).toStrictEqual([]);
    }),
    { numRuns: 60 },
  );
});

test("writes messages of a page that the AI SDK takes, and that it reads as we do", async () => {
  await fc.assert(
    fc.asyncProperty(anyConversation, async (conversation) => {
      const { json } = await aiSdkUiMessages.write(conversation);
      const checked = await safeValidateUIMessages({ messages: json });
      expect(checked.success ? undefined : checked.error.message).toBeUndefined();
      const theirs = await convertToModelMessages(json as unknown as UIMessage[]);
      const ours = (await aiSdkUiMessages.read(json)).conversation;
      // Who speaks in which order, and which tools are called and answered.
      const shape = theirs.map(({ role, content }) => [
        role,
        typeof content === "string" ? [] : content.flatMap((part) => ("toolCallId" in part ? [part.toolCallId] : [])),
      ]);
      const expected = ours.messages.map(({ role, content }) => [
        role,
        typeof content === "string"
          ? []
          : content.flatMap((part) => ("id" in part && part.type !== "source" ? [part.id] : [])),
      ]);
      expect(expected).toStrictEqual(shape);
    }),
    { numRuns: 60 },
  );
});

test("reads what an application has kept: older parts, bytes in their forms, questions to the user", async () => {
  const { conversation, losses } = await aiSdkMessages.read([
    {
      role: "user",
      content: [
        { type: "image", image: "iVBORw0KGgo=", mediaType: "image/png" },
        { type: "file", data: "https://a.example/a.pdf", mediaType: "application/pdf" },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "tool-call", toolCallId: "1", toolName: "rm", input: {} },
        { type: "tool-approval-request", approvalId: "a", toolCallId: "1" },
      ],
    },
    {
      role: "tool",
      content: [
        {
          type: "tool-result",
          toolCallId: "1",
          toolName: "rm",
          output: { type: "content", value: [{ type: "image-data", data: "AQID", mediaType: "image/png" }] },
        },
      ],
    },
  ]);
  expect(conversation.messages).toStrictEqual([
    {
      role: "user",
      content: [
        {
          type: "file",
          mediaType: "image/png",
          data: Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
        },
        { type: "file", mediaType: "application/pdf", data: new URL("https://a.example/a.pdf") },
      ],
    },
    { role: "assistant", content: [{ type: "tool-call", id: "1", name: "rm", input: {} }] },
    {
      role: "tool",
      content: [
        {
          type: "tool-result",
          id: "1",
          name: "rm",
          output: [{ type: "file", mediaType: "image/png", data: Uint8Array.from([1, 2, 3]) }],
        },
      ],
    },
  ]);
  expect(losses.map(({ path }) => path)).toStrictEqual([
    "messages[1].content[1]",
    "messages[2].content[0].output.value[0].type", // an older name of the same
  ]);
});

test("reads a page's message of several steps as the turns that it stands for", async () => {
  const { conversation, losses } = await aiSdkUiMessages.read([
    {
      id: "1",
      role: "user",
      parts: [
        { type: "text", text: "Weather?" },
        { type: "data-place", data: {} },
      ],
      metadata: { createdAt: 1_700_000_000_000 },
    },
    {
      id: "2",
      role: "assistant",
      metadata: { createdAt: "2025-05-01T10:00:00Z", model: "gpt-4o" },
      parts: [
        { type: "step-start" },
        {
          type: "tool-weather",
          toolCallId: "c1",
          state: "output-available",
          input: { city: "Faro" },
          output: { t: 3 },
        },
        {
          type: "dynamic-tool",
          toolName: "time",
          toolCallId: "c2",
          state: "output-error",
          input: {},
          errorText: "No clock.",
        },
        { type: "step-start" },
        { type: "text", text: "It is 3.", state: "done" },
        { type: "source-url", sourceId: "s", url: "https://a.example" },
      ],
    },
  ]);
  expect(conversation.messages).toStrictEqual([
    { role: "user", content: [{ type: "text", text: "Weather?" }], id: "1", created: 1_700_000_000_000 },
    {
      role: "assistant",
      content: [
        { type: "tool-call", id: "c1", name: "weather", input: { city: "Faro" } },
        { type: "tool-call", id: "c2", name: "time", input: {} },
      ],
      id: "2",
      created: Date.UTC(2025, 4, 1, 10),
      model: "gpt-4o",
    },
    {
      role: "tool",
      content: [
        { type: "tool-result", id: "c1", name: "weather", output: [{ type: "json", value: { t: 3 } }] },
        { type: "tool-result", id: "c2", name: "time", output: "No clock.", isError: true },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "text", text: "It is 3." },
        { type: "source", id: "s", url: "https://a.example" },
      ],
    },
  ]);
  expect(losses.map(({ path }) => path)).toStrictEqual([
    "messages[0].parts[1]",
    "messages[1].parts[0]", // nothing was said before it
    "messages[1].parts[4].state",
  ]);
});

test.each([
  [aiSdkMessages, {}, "messages"],
  [aiSdkMessages, [{ role: "robot", content: "" }], "messages[0].role"],
  [aiSdkMessages, [{ role: "user", content: [{ type: "text" }] }], "messages[0].content[0].text"],
  [
    aiSdkMessages,
    [{ role: "tool", content: [{ type: "tool-result", toolCallId: "1", toolName: "a", output: "b" }] }],
    "messages[0].content[0].output",
  ],
  [
    aiSdkMessages,
    [{ role: "user", content: [{ type: "file", mediaType: "a/b", data: { type: "reference", reference: {} } }] }],
    "messages[0].content[0].data",
  ],
  [aiSdkUiMessages, [{ role: "user" }], "messages[0].parts"],
  [
    aiSdkUiMessages,
    [{ role: "assistant", parts: [{ type: "tool-a", toolCallId: "1", state: "odd" }] }],
    "messages[0].parts[0].state",
  ],
])("refuses what is not of $title: the field is told", async (format, json, field) => {
  const told = expect.stringContaining(`\`${field}\``) as string;
  await expect(format.read(json as never)).rejects.toMatchObject({ code: "invalid-request", message: told });
});
