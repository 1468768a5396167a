import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyConversation } from "../any-conversation.arbitrary.ts";
import { sha256 } from "../sha256.ts";
import { conversationSchema } from "./conversation-schema.ts";
import type { Migration } from "./migrate.ts";
import { plugboardFormat, plugboardLines } from "./plugboard-lines.ts";

const line = { format: "plugboard.conversation", version: 1, messages: [{ role: "user", content: "a" }] };

test("gives back what it was given, all of it", async () => {
  await fc.assert(
    fc.asyncProperty(anyConversation, async (conversation) => {
      const { json, losses } = await plugboardLines.write(conversation);
      expect(losses).toStrictEqual([]);
      expect((await plugboardLines.read(json)).conversation).toEqual(conversation);
    }),
  );
});

test("writes what its schema says", async () => {
  const fits = new Ajv2020({ strict: false, validateFormats: false }).compile(conversationSchema);
  await fc.assert(
    fc.asyncProperty(anyConversation, async (conversation) => {
      const { json } = await plugboardLines.write(conversation);
      expect(fits(json) ? [] : fits.errors).toStrictEqual([]);
    }),
  );
  expect(fits({ ...line, messages: [{ role: "robot", content: "a" }] })).toBe(false);
  expect(fits({ ...line, version: 2 })).toBe(false);
});

test("has a schema file that says the same", () => {
  const file = new URL("../../../../docs/schemas/conversation-1.schema.json", import.meta.url);
  expect(JSON.parse(readFileSync(file, "utf8"))).toStrictEqual(conversationSchema);
});

test("has a file that stands in a conversation twice once", async () => {
  const data = Uint8Array.from([1, 2, 3]);
  const file = { type: "file" as const, mediaType: "image/png", data };
  const { json } = await plugboardLines.write({
    messages: [
      { role: "user", content: [file, file] },
      { role: "assistant", content: [file] },
    ],
  });
  expect(json).toMatchObject({ files: { [sha256(data)]: "AQID" } });
  expect(JSON.stringify(json).split("AQID")).toHaveLength(2);
});

test.each([
  ["another form", { ...line, format: "x" }, "format"],
  ["no version", { ...line, version: undefined }, "version"],
  ["a version that is younger", { ...line, version: 2 }, "a newer one wrote it"],
  ["an unknown role", { ...line, messages: [{ role: "robot", content: "" }] }, "messages[0].role"],
  [
    "a part that no user has",
    { ...line, messages: [{ role: "user", content: [{ type: "reasoning", text: "" }] }] },
    "messages[0].content[0].type",
  ],
  [
    "a call without a name",
    { ...line, messages: [{ role: "assistant", content: [{ type: "tool-call", id: "1", input: {} }] }] },
    "messages[0].content[0].name",
  ],
  [
    "a file that is nowhere",
    { ...line, messages: [{ role: "user", content: [{ type: "file", mediaType: "a/b", data: { sha256: "00" } }] }] },
    "messages[0].content[0].data",
  ],
  ["a tool without a name", { ...line, tools: [{ input: {} }] }, "tools[0].name"],
])("refuses %s, and names the field", async (_, json, told) => {
  const read = plugboardLines.read(JSON.parse(JSON.stringify(json)) as never);
  await expect(read).rejects.toMatchObject({
    code: "invalid-request",
    message: expect.stringContaining(told) as string,
  });
});

test("refuses a file whose bytes are not those of its hash", async () => {
  const hash = sha256(Uint8Array.from([1]));
  const json = {
    ...line,
    messages: [{ role: "user", content: [{ type: "file", mediaType: "image/png", data: { sha256: hash } }] }],
    files: { [hash]: "AQID" },
  };
  await expect(plugboardLines.read(json)).rejects.toMatchObject({
    code: "invalid-request",
    message: expect.stringContaining("bytes are others") as string,
  });
});

test("reads older versions by way of each that follows", async () => {
  // Version 1 had `talk`, version 2 `turns`, version 3 has `messages`.
  const migrations: Migration[] = [
    { from: 1, migrate: ({ talk, ...rest }) => ({ ...rest, turns: talk }) },
    { from: 2, migrate: ({ turns, ...rest }) => ({ ...rest, messages: turns }) },
  ];
  const format = plugboardFormat({ version: 3, migrations });
  const old = { format: "plugboard.conversation", version: 1, title: "T", talk: line.messages };
  const { conversation } = await format.read(old);
  expect(conversation).toStrictEqual({ title: "T", messages: line.messages });
  expect((await format.write(conversation)).json).toMatchObject({ version: 3 });
  await expect(format.read({ ...old, version: 0 })).rejects.toMatchObject({
    message: expect.stringContaining("from 1 to 3") as string,
  });
});
