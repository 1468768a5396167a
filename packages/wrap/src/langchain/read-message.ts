import type { AssistantPart, FilePart, Json, Message, TextPart, ToolOutputPart } from "@plugboard/core";
import type { BaseMessage, ContentBlock, ToolMessage } from "@langchain/core/messages";
import { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { ModelError } from "@plugboard/core";
import { objectOf } from "@plugboard/wire";
import { fromPlain } from "../plain.ts";
import { readBlock, readInvalidCall } from "./blocks.ts";

/**
 * LangChain's messages in our words: neighbouring results of tools become one message, as our contract has them.
 *
 * @throws {ModelError} `unsupported` for a kind of message or file that our contract has no word for
 */
export function readMessages(messages: readonly BaseMessage[]): Message[] {
  const read: Message[] = [];
  messages.forEach((message, place) => {
    const ours = readMessage(message, `messages[${place}]`);
    if (!ours) return;
    const last = read.at(-1);
    if (ours.role === "tool" && last?.role === "tool" && !last.providerData && !ours.providerData) {
      read[read.length - 1] = { role: "tool", content: [...last.content, ...ours.content] };
    } else read.push(ours);
  });
  return read;
}

/** One message; `undefined` for one that only tells LangChain to remove another. */
export function readMessage(message: BaseMessage, path = "message"): Message | undefined {
  const kept = keptOf(message);
  if (kept) return kept;
  const { content } = message;
  switch (message.type) {
    case "system":
    case "developer":
      return { role: "system", content: message.text };
    case "human":
      return { role: "user", content: typeof content === "string" ? content : readInputs(message, path) };
    case "ai":
      return { role: "assistant", content: readAnswer(message, path) };
    case "tool": {
      const { tool_call_id: id, name = "", status } = message as ToolMessage;
      const output: string | readonly ToolOutputPart[] =
        typeof content === "string" ? content : readInputs(message, path);
      return {
        role: "tool",
        content: [{ type: "tool-result", id, name, output, ...(status === "error" && { isError: true }) }],
      };
    }
    case "remove":
      return undefined;
    case "generic": {
      const { role } = message as BaseMessage & { readonly role?: string };
      if (role === "user" || role === "assistant") return { role, content: message.text };
      if (role === "system" || role === "developer") return { role: "system", content: message.text };
      throw unknown(`${path} has the role "${String(role)}"`);
    }
    default:
      throw unknown(`${path} is of the type "${message.type}"`);
  }
}

/** What a model of LangChain's answered. */
export function readAnswer(message: BaseMessage, path: string): readonly AssistantPart[] {
  const kept = keptOf(message);
  if (kept?.role === "assistant" && typeof kept.content !== "string") return kept.content;
  const calls = AIMessage.isInstance(message) || AIMessageChunk.isInstance(message) ? message : undefined;
  const parts = message.contentBlocks.flatMap((block, index) => readBlock(block, `${path}.content[${index}]`));
  const known = new Set(parts.flatMap((part) => (part.type === "tool-call" ? [part.id] : [])));
  for (const { id = "", name, args } of calls?.tool_calls ?? []) {
    if (!known.has(id)) parts.push({ type: "tool-call", id, name, input: args as Json });
  }
  for (const call of calls?.invalid_tool_calls ?? []) if (!known.has(call.id ?? "")) parts.push(readInvalidCall(call));
  // A text beside calls or thoughts that says nothing is LangChain's way to have none.
  return named(parts.filter((part) => part.type !== "text" || part.text !== "" || part.citations !== undefined));
}

/** Results of a provider's tools carry the names of their calls. */
function named(parts: readonly AssistantPart[]): readonly AssistantPart[] {
  const names = new Map(parts.flatMap((part) => (part.type === "tool-call" ? [[part.id, part.name] as const] : [])));
  return parts.map((part) =>
    part.type === "tool-result" && part.name === "" ? { ...part, name: names.get(part.id) ?? "" } : part,
  );
}

function readInputs(message: BaseMessage, path: string): readonly (TextPart | FilePart)[] {
  return (message.contentBlocks as readonly ContentBlock.Standard[]).flatMap((block, index) =>
    readBlock(block, `${path}.content[${index}]`).map((part) => {
      if (part.type === "text" || part.type === "file") return part;
      throw unknown(`${path}.content[${index}] is of the type "${block.type}"`);
    }),
  );
}

/** The message of ours that it was, if it still says the same: an application may have changed it since. */
function keptOf(message: BaseMessage): Message | undefined {
  const plain = objectOf(message.additional_kwargs["plugboard"] as Json | undefined);
  if (!plain) return undefined;
  // Written by `writeMessages` or beside an answer.
  const ours = fromPlain(plain) as Message;
  const { content } = ours;
  const text =
    typeof content === "string" ? content : content.map((part) => (part.type === "text" ? part.text : "")).join("");
  if (ours.role === "tool") return ours;
  const ids = new Set(((message as AIMessage).tool_calls ?? []).map(({ id }) => id));
  const same =
    typeof content === "string" ||
    content.every((part) => part.type !== "tool-call" || part.executed || part.invalid || ids.has(part.id));
  return message.text === text && same ? ours : undefined;
}

function unknown(what: string): ModelError {
  return new ModelError(
    `${what}, which our contract has no word for; system, human, ai and tool messages are accepted.`,
    {
      code: "unsupported",
    },
  );
}
