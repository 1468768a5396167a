import { mapChatMessagesToStoredMessages, mapStoredMessagesToChatMessages } from "@langchain/core/messages";
import type { Json, JsonObject, Warning } from "@plugboard/core";
import { itemsAt, objectAt, objectOf, refusedField, stringOf, textAt } from "@plugboard/wire";
import { readMessages, writeMessages } from "@plugboard/wrap/langchain/messages";
import { defineFormat } from "../define-format.ts";
import { everything } from "../everything.ts";
import type { Format, ReadConversation } from "../format.ts";

type Stored = Parameters<typeof mapStoredMessagesToChatMessages>[0][number];

/**
 * Messages of LangChain, as its chat histories store them: a list of `{ type, data }`. Those that LangChain serialized whole
 * (`{ lc, id, kwargs }`) are read, too. They are read and written by the bridge to LangChain, which wants `@langchain/core`.
 *
 * @example
 * const { result, losses } = await convert(stored, { from: langchainMessages, to: openaiChat });
 */
export const langchainMessages: Format = /* @__PURE__ */ defineFormat({
  name: "langchain",
  title: "Messages of LangChain",
  isList: true,
  // A message of another type is none of LangChain's.
  isUnknown: () => false,
  holds: { ...everything, conversation: [], message: [], toolDefinitions: false },
  read(json): ReadConversation {
    const stored = itemsAt(json, "messages").map((message, place) => storedMessage(message, `messages[${place}]`));
    return { conversation: { messages: readMessages(mapStoredMessagesToChatMessages(stored)) }, losses: [] };
  },
  write({ messages }) {
    const warnings: Warning[] = [];
    const written = writeMessages(messages, (warning) => warnings.push(warning));
    // Their members are data; what is `undefined` among them is left out.
    return { json: JSON.parse(JSON.stringify(mapChatMessagesToStoredMessages(written))) as Json, warnings };
  },
});

const types = ["human", "ai", "system", "tool", "developer", "generic"];

function storedMessage(value: Json, path: string): Stored {
  const message = objectAt(value, path);
  const { type, data, kwargs } = asStored(message);
  if (typeof type !== "string" || !types.includes(type)) throw refusedField(`${path}.type`, types.join(", "), type);
  const members = objectAt(data ?? kwargs, `${path}.data`);
  const { content } = members;
  if (typeof content !== "string") itemsAt(content, `${path}.data.content`);
  if (type === "tool") textAt(members["tool_call_id"], `${path}.data.tool_call_id`);
  // Every member that LangChain needs to make a message is there.
  return { type, data: { additional_kwargs: {}, response_metadata: {}, ...members } } as unknown as Stored;
}

/** One that was serialized whole tells its class last: `["langchain_core", "messages", "HumanMessage"]`. */
function asStored(message: JsonObject): JsonObject {
  const { id } = message;
  if (!objectOf(message["kwargs"]) || !Array.isArray(id)) return message;
  const [name = ""] = /^[A-Za-z]+?(?=Message)/.exec(stringOf(id.at(-1) as Json) ?? "") ?? [];
  const type = name.toLowerCase();
  return { ...message, type: type === "chat" ? "generic" : type };
}
