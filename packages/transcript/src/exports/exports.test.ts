import type { JsonObject } from "@plugboard/core";
import { expect, test } from "vitest";
import { convert } from "../convert.ts";
import { anthropicMessages } from "../formats/anthropic.ts";
import { openaiChat } from "../formats/openai-chat.ts";
import { chatgptExport } from "./chatgpt.ts";
import { partsOf } from "../parts-of.ts";
import { claudeExport } from "./claude.ts";

// As the exports of ChatGPT have it: times in seconds, a tree with a branch that was left, hidden messages, tools by their recipient.
const exported = {
  title: "Weather",
  create_time: 1_700_000_000.5,
  conversation_id: "conv-1",
  default_model_slug: "gpt-4o",
  current_node: "n7",
  mapping: {
    root: { id: "root", message: null, parent: null, children: ["n0"] },
    n0: {
      id: "n0",
      parent: "root",
      children: ["n1"],
      message: { id: "n0", author: { role: "system" }, content: { content_type: "text", parts: [""] }, metadata: {} },
    },
    n1: {
      id: "n1",
      parent: "n0",
      children: ["n2", "n9"],
      message: {
        id: "n1",
        author: { role: "user" },
        create_time: 1_700_000_001,
        content: {
          content_type: "multimodal_text",
          parts: [
            { content_type: "image_asset_pointer", asset_pointer: "file-service://file-abc", width: 10 },
            "What is it there?",
          ],
        },
        metadata: { attachments: [{ id: "file-abc" }] },
      },
    },
    n9: {
      id: "n9",
      parent: "n1",
      children: [],
      message: {
        id: "n9",
        author: { role: "assistant" },
        content: { content_type: "text", parts: ["The other answer"] },
        recipient: "all",
      },
    },
    n2: {
      id: "n2",
      parent: "n1",
      children: ["n3"],
      message: {
        id: "n2",
        author: { role: "assistant" },
        content: { content_type: "thoughts", thoughts: [{ summary: "Looking", content: "I should compute." }] },
        recipient: "all",
        metadata: { model_slug: "o3" },
      },
    },
    n3: {
      id: "n3",
      parent: "n2",
      children: ["n4"],
      message: {
        id: "n3",
        author: { role: "assistant" },
        content: { content_type: "code", language: "python", text: "print(1+2)" },
        recipient: "python",
        metadata: { model_slug: "o3" },
      },
    },
    n4: {
      id: "n4",
      parent: "n3",
      children: ["n5"],
      message: {
        id: "n4",
        author: { role: "tool", name: "python" },
        content: { content_type: "execution_output", text: "3" },
      },
    },
    n5: {
      id: "n5",
      parent: "n4",
      children: ["n6"],
      message: {
        id: "n5",
        author: { role: "assistant" },
        content: { content_type: "reasoning_recap", content: "Thought for 3s" },
        recipient: "all",
      },
    },
    n6: {
      id: "n6",
      parent: "n5",
      children: ["n7"],
      message: {
        id: "n6",
        author: { role: "assistant" },
        create_time: 1_700_000_009,
        content: { content_type: "text", parts: ["It is 3."] },
        recipient: "all",
        metadata: { model_slug: "o3", citations: [] },
      },
    },
    n7: {
      id: "n7",
      parent: "n6",
      children: [],
      message: { id: "n7", author: { role: "user" }, content: { content_type: "text", parts: ["Thanks"] } },
    },
  },
};

test("follows the branch of ChatGPT's export that was on the screen", async () => {
  const { conversation, losses } = await chatgptExport.read(exported);
  expect(conversation).toStrictEqual({
    id: "conv-1",
    title: "Weather",
    created: 1_700_000_000_500,
    model: "gpt-4o",
    messages: [
      {
        role: "user",
        id: "n1",
        created: 1_700_000_001_000,
        content: [
          { type: "file", mediaType: "image/*", data: new URL("file-service://file-abc") },
          { type: "text", text: "What is it there?" },
        ],
      },
      {
        role: "assistant",
        id: "n2",
        model: "o3",
        content: [
          { type: "reasoning", text: "I should compute." },
          { type: "tool-call", id: "n3", name: "python", input: "print(1+2)" },
        ],
      },
      { role: "tool", id: "n4", content: [{ type: "tool-result", id: "n3", name: "python", output: "3" }] },
      {
        role: "assistant",
        id: "n6",
        model: "o3",
        created: 1_700_000_009_000,
        content: [{ type: "text", text: "It is 3." }],
      },
      { role: "user", id: "n7", content: "Thanks" },
    ],
  });
  expect(losses.map(({ path, what }) => [path, what])).toStrictEqual([
    ["mapping.n9", "branch"],
    ["mapping.n1.message.metadata.attachments", "attachments"],
    ["mapping.n1.message.content.parts[0].width", "width"],
    ["mapping.n3.message.content.language", "language"],
    ["mapping.n5.message.content.content", "content"],
  ]);
});

test("tells nothing of ChatGPT's export that the tree tells again, and ids that are others", async () => {
  const node = { id: "a", parent: null, children: ["b"], message: null };
  const said = { id: "b", author: { role: "user" }, content: { content_type: "text", parts: ["Hi"] } };
  const { losses } = await chatgptExport.read({
    id: "c",
    conversation_id: "c",
    current_node: "b",
    mapping: { a: node, b: { id: "b", parent: "a", children: [], message: said } },
  });
  expect(losses).toStrictEqual([]);
  const { losses: others } = await chatgptExport.read({
    id: "d",
    conversation_id: "c",
    current_node: "b",
    mapping: { a: { ...node, id: "x" }, b: { id: "b", parent: "a", children: [], message: said } },
  });
  expect(others.map(({ path }) => path)).toStrictEqual(["mapping.a.id", "id"]);
});

test("follows the branch of Claude's export that was on the screen, and refuses a circle", async () => {
  const message = (uuid: string, parent: string, text: string): JsonObject => ({
    uuid,
    sender: text.endsWith("?") ? "human" : "assistant",
    text,
    content: [{ type: "text", text }],
    parent_message_uuid: parent,
  });
  const root = "00000000-0000-4000-8000-000000000000";
  const chat_messages = [message("1", root, "Hm?"), message("2", "1", "First."), message("3", "1", "Second.")];
  const { conversation, losses } = await claudeExport.read({ chat_messages, current_leaf_message_uuid: "3" });
  expect(conversation.messages.map(({ id }) => id)).toStrictEqual(["1", "3"]);
  expect(losses.map(({ path, what }) => [path, what])).toStrictEqual([["chat_messages[1]", "branch"]]);
  const circle = { chat_messages: [message("1", "2", "a?"), message("2", "1", "b")], current_leaf_message_uuid: "2" };
  await expect(claudeExport.read(circle)).rejects.toMatchObject({
    code: "invalid-request",
    message: expect.stringContaining("parent_message_uuid") as string,
  });
});

test.each([
  ["model_editable_context", { content_type: "model_editable_context", model_set_context: "" }, []],
  ["tether_quote", { content_type: "tether_quote", url: "https://a.example", domain: "a.example", text: "Q" }, ["Q"]],
  ["code", { content_type: "code", language: "unknown", text: "1+1" }, ["1+1"]],
  ["execution_output", { content_type: "execution_output", text: "2" }, ["2"]],
])("reads %s of ChatGPT's export, or tells it", async (_, content, words) => {
  const message = { id: "b", author: { role: "assistant" }, content, recipient: "all" };
  const { conversation, losses } = await chatgptExport.read({
    mapping: { b: { id: "b", parent: null, children: [], message } },
  });
  expect(conversation.messages.flatMap((said) => partsOf(said.content))).toMatchObject(words.map((text) => ({ text })));
  expect(words.length + losses.length).toBeGreaterThan(0);
});

test("tells a text of Claude's that its blocks do not say", async () => {
  const blocks = [{ type: "text", text: "a" }];
  const { losses } = await claudeExport.read({ chat_messages: [{ sender: "human", text: "b", content: blocks }] });
  expect(losses.map(({ path }) => path)).toStrictEqual(["chat_messages[0].text"]);
});

test("takes what ChatGPT ran to where tools are called", async () => {
  const { result } = await convert(exported, { from: chatgptExport, to: openaiChat });
  expect(result).toMatchObject({
    messages: [
      { role: "user" },
      { role: "assistant", tool_calls: [{ id: "n3", function: { name: "python" } }] },
      { role: "tool", tool_call_id: "n3", content: "3" },
      { role: "assistant", content: "It is 3." },
      { role: "user", content: "Thanks" },
    ],
  });
});

test("reads the newest leaf of an export without a current node, and refuses a circle", async () => {
  const { current_node: _, ...rest } = exported;
  const { conversation } = await chatgptExport.read(rest);
  expect(conversation.messages.at(-1)).toMatchObject({ content: "Thanks" });
  const circle = { current_node: "a", mapping: { a: { parent: "b" }, b: { parent: "a" } } };
  await expect(chatgptExport.read(circle)).rejects.toMatchObject({ code: "invalid-request" });
  await expect(chatgptExport.read({ current_node: "a", mapping: {} })).rejects.toMatchObject({
    code: "invalid-request",
  });
});

// As the exports of Claude have it.
const claudeExported = {
  uuid: "u-1",
  name: "Notes",
  summary: "",
  created_at: "2025-05-01T10:00:00.000000Z",
  updated_at: "2025-05-01T10:05:00.000000Z",
  account: { uuid: "me" },
  chat_messages: [
    {
      uuid: "m-1",
      text: "Read this",
      content: [
        {
          start_timestamp: "2025-05-01T10:00:00Z",
          stop_timestamp: null,
          type: "text",
          text: "Read this",
          citations: [],
        },
      ],
      sender: "human",
      created_at: "2025-05-01T10:00:00.000000Z",
      attachments: [{ file_name: "a.txt", file_size: 2, file_type: "txt", extracted_content: "Hi" }],
      files: [{ file_name: "photo.png" }],
    },
    {
      uuid: "m-2",
      text: "Done.",
      content: [
        { type: "thinking", thinking: "Hm.", summaries: [] },
        { type: "tool_use", name: "repl", input: { code: "1+1" }, integration_name: null },
        { type: "tool_result", name: "repl", content: [{ type: "text", text: "2" }], is_error: false },
        { type: "text", text: "Done.", citations: [{ uuid: "x" }] },
        { type: "token_budget" },
      ],
      sender: "assistant",
      created_at: "2025-05-01T10:01:00.000000Z",
      attachments: [],
      files: [],
    },
  ],
};

test("reads Claude's export, with the tools that ran within an answer as calls and results", async () => {
  const { conversation, losses } = await claudeExport.read(claudeExported);
  expect(conversation).toStrictEqual({
    id: "u-1",
    title: "Notes",
    created: Date.UTC(2025, 4, 1, 10),
    messages: [
      {
        role: "user",
        id: "m-1",
        created: Date.UTC(2025, 4, 1, 10),
        content: [
          { type: "file", mediaType: "text/plain", data: new TextEncoder().encode("Hi"), filename: "a.txt" },
          { type: "text", text: "Read this" },
        ],
      },
      {
        role: "assistant",
        id: "m-2",
        created: Date.UTC(2025, 4, 1, 10, 1),
        content: [
          { type: "reasoning", text: "Hm." },
          { type: "tool-call", id: "repl-1", name: "repl", input: { code: "1+1" } },
        ],
      },
      { role: "tool", content: [{ type: "tool-result", id: "repl-1", name: "repl", output: "2" }] },
      { role: "assistant", content: [{ type: "text", text: "Done." }] },
    ],
  });
  expect(losses.map(({ path }) => path)).toStrictEqual([
    "chat_messages[0].files[0]",
    "chat_messages[1].content[3].citations",
    "chat_messages[1].content[4]",
    "updated_at",
    "account",
    "chat_messages[0].content[0].start_timestamp",
    "chat_messages[0].attachments[0].file_size",
  ]);
});

test("goes on with a conversation of Claude's export at Anthropic", async () => {
  const { result } = await convert(claudeExported, { from: claudeExport, to: anthropicMessages });
  expect(result).toMatchObject({
    messages: [
      { role: "user", content: [{ type: "document" }, { type: "text", text: "Read this" }] },
      { role: "assistant", content: [{ type: "tool_use", name: "repl" }] },
      { role: "user", content: [{ type: "tool_result", content: "2" }] },
      { role: "assistant", content: [{ type: "text", text: "Done." }] },
    ],
  });
});

test.each([
  [chatgptExport, {}, "mapping"],
  [
    chatgptExport,
    { current_node: "a", mapping: { a: { message: { author: { role: "robot" }, content: {} } } } },
    "mapping.a.message.author.role",
  ],
  [claudeExport, {}, "chat_messages"],
  [claudeExport, { chat_messages: [{ sender: "robot", text: "" }] }, "chat_messages[0].sender"],
  [claudeExport, { chat_messages: [{ sender: "human" }] }, "chat_messages[0].text"],
])("refuses what is no conversation of $title: the field is told", async (format, json, field) => {
  const told = expect.stringContaining(`\`${field}\``) as string;
  await expect(format.read(json)).rejects.toMatchObject({ code: "invalid-request", message: told });
});
