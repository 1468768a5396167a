import type { Json, JsonObject, Tool } from "@plugboard/core";
import { itemsAt, objectAt, objectOf, optionalNumber, optionalText, refusedField, textAt } from "@plugboard/wire";
import type { Conversation, ConversationMessage } from "../conversation.ts";
import { defineFormat } from "../define-format.ts";
import { everything } from "../everything.ts";
import type { Format, FormatContext, ReadConversation } from "../format.ts";
import { conversationForm, conversationVersions } from "./conversation-form.ts";
import { migrated } from "./migrate.ts";
import type { VersionedForm } from "./migrate.ts";
import { isPartType, readContent, writeContent } from "./parts.ts";
import { StoredFiles } from "./stored-file.ts";
import { toolAsData } from "./tool-as-data.ts";

/**
 * Our own form: a line for each conversation, which holds all of it. `conversationSchema` is its JSON Schema. Every line tells its version;
 * older ones are read for as long as the promise in the guide says, each by way of the next.
 *
 * Files stand in the line once each, by their hash; with a store of files, in that, once each for all lines.
 *
 * @example
 * const { result } = await convert(exported, { from: chatgptExport, to: plugboardLines });
 * appendFileSync("conversations.jsonl", `${JSON.stringify(result)}\n`);
 */
export const plugboardLines: Format = /* @__PURE__ */ plugboardFormat(conversationVersions);

/** The same with versions of one's own, so that migrations can be tried before there are any. */
export function plugboardFormat(versions: VersionedForm): Format {
  return defineFormat({
    name: "plugboard",
    title: "Plugboard's lines",
    holds: everything,
    tellsAll: true,
    // A kind that we have at a place where it cannot be is broken, not new.
    isUnknown: (piece, refused) => refused === "type" && !isPartType(objectOf(piece)?.["type"]),
    read: (json, context) => readLine(json, context, versions),
    write: async (conversation, context) => ({ json: await writeLine(conversation, context, versions) }),
  });
}

async function readLine(json: Json, context: FormatContext, versions: VersionedForm): Promise<ReadConversation> {
  const asked = objectAt(json, "line");
  if (asked["format"] !== conversationForm)
    throw refusedField("format", JSON.stringify(conversationForm), asked["format"]);
  const line = migrated(asked, versions);
  const files = new StoredFiles(context.files, line["files"]);
  const messages: ConversationMessage[] = [];
  for (const [place, message] of itemsAt(line["messages"], "messages").entries())
    messages.push(await readMessage(objectAt(message, `messages[${place}]`), `messages[${place}]`, files));
  for (const name of ["id", "title", "model"]) optionalText(line[name], name);
  optionalNumber(line["created"], "created");
  const { format: _, version: __, files: ___, messages: ____, tools, ...notes } = line;
  const told = tools === undefined ? [] : itemsAt(tools, "tools");
  told.forEach((tool, place) => {
    const member = objectOf(tool)?.["type"] === "provider" ? "id" : "name";
    textAt(objectAt(tool, `tools[${place}]`)[member], `tools[${place}].${member}`);
  });
  return {
    // What the line has has been looked at.
    conversation: {
      ...notes,
      messages,
      ...(told.length > 0 && { tools: told as unknown as readonly Tool[] }),
    },
    losses: files.losses,
  };
}

async function readMessage(message: JsonObject, path: string, files: StoredFiles): Promise<ConversationMessage> {
  const { role } = message;
  if (role !== "system" && role !== "user" && role !== "assistant" && role !== "tool")
    throw refusedField(`${path}.role`, "system, user, assistant or tool", role);
  for (const name of ["id", "model"]) optionalText(message[name], `${path}.${name}`);
  optionalNumber(message["created"], `${path}.created`);
  const content = await readContent(message["content"], role, `${path}.content`, files);
  return { ...message, role, content } as ConversationMessage;
}

async function writeLine(
  { messages, tools = [], ...notes }: Conversation,
  context: FormatContext,
  versions: VersionedForm,
): Promise<Json> {
  const files = new StoredFiles(context.files);
  const written: Json[] = [];
  for (const message of messages) {
    const content = await writeContent(message.content, files);
    written.push({ ...message, content });
  }
  const line = {
    format: conversationForm,
    version: versions.version,
    ...notes,
    messages: written,
    ...(tools.length > 0 && { tools: tools.map((tool) => ({ ...tool, ...toolAsData(tool) })) }),
    ...(Object.keys(files.embedded).length > 0 && { files: files.embedded }),
  };
  // Members that are `undefined` are not there.
  return JSON.parse(JSON.stringify(line)) as Json;
}
