import type {
  AssistantPart,
  FilePart,
  Message,
  ToolMessage as OurToolMessage,
  TextPart,
  ToolResultPart,
  Warning,
} from "@plugboard/core";
import type { BaseMessage, ContentBlock, InvalidToolCall, MessageContent, ToolCall } from "@langchain/core/messages";
import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { messagesOf } from "@plugboard/core";
import { callArguments, objectOf } from "@plugboard/wire";
import { fromPlain, toPlain } from "../plain.ts";
import { writeBlock, writeFile } from "./blocks.ts";
import { readMessage } from "./read-message.ts";
import { langchainMessage } from "./whole-message.ts";

/** An assistant's turn in LangChain's words. */
export interface WrittenAnswer {
  readonly content: MessageContent;
  readonly tool_calls: ToolCall[];
  readonly invalid_tool_calls: InvalidToolCall[];
}

/**
 * Messages of ours as LangChain's. What theirs have no place for (signatures, cache marks, arguments byte for byte) goes along in
 * `additional_kwargs.plugboard`, which providers of LangChain do not send.
 */
export function writeMessages(messages: readonly Message[], warn: (warning: Warning) => void): BaseMessage[] {
  return messages.flatMap((message, place) => {
    if (message.role === "assistant" && typeof message.content !== "string") {
      const original = originalOf(message.content);
      if (original) return [original];
      // What a layer ran is told as calls of the application's.
      return messagesOf({ content: message.content }).flatMap((turn) => writeTurn(turn, `messages[${place}]`, warn));
    }
    return writeTurn(message, `messages[${place}]`, warn);
  });
}

function writeTurn(message: Message, path: string, warn: (warning: Warning) => void): BaseMessage[] {
  if (message.role === "tool") return writeResults(message, path, warn);
  const written = writeOne(message);
  return [kept(written, message)];
}

function writeOne(message: Exclude<Message, OurToolMessage>): BaseMessage {
  const { content } = message;
  if (message.role === "system") return new SystemMessage(message.content);
  if (message.role === "user") {
    return new HumanMessage(
      typeof content === "string"
        ? { content }
        : { content: (content as readonly (TextPart | FilePart)[]).map(writeInput) },
    );
  }
  const parts: readonly AssistantPart[] =
    typeof content === "string" ? [{ type: "text", text: content }] : (content as readonly AssistantPart[]);
  return new AIMessage({ ...writeAnswer(parts) });
}

/** The content of an answer: a text where it is one, else standard blocks; and its calls. */
export function writeAnswer(parts: readonly AssistantPart[]): WrittenAnswer {
  const calls = parts.filter((part) => part.type === "tool-call" && !part.executed);
  const others = parts.filter((part) => !calls.includes(part));
  const isPlain = others.length <= 1 && others.every((part) => part.type === "text" && !part.citations);
  return {
    content: isPlain
      ? others.map((part) => (part.type === "text" ? part.text : "")).join("")
      : (others.map(writeBlock) as MessageContent),
    tool_calls: calls.flatMap((part) => {
      if (part.type !== "tool-call" || part.invalid) return [];
      // Theirs are objects.
      const args = objectOf(part.input) ?? { value: part.input };
      return [{ type: "tool_call" as const, id: part.id, name: part.name, args: { ...args } }];
    }),
    invalid_tool_calls: calls.flatMap((part) =>
      part.type === "tool-call" && part.invalid
        ? [
            {
              type: "invalid_tool_call" as const,
              id: part.id,
              name: part.name,
              args: callArguments(part),
              error: "The arguments are not JSON.",
            },
          ]
        : [],
    ),
  };
}

function writeInput(part: TextPart | FilePart): ContentBlock {
  return part.type === "text" ? { type: "text", text: part.text } : writeFile(part);
}

function writeResults({ content }: OurToolMessage, path: string, warn: (warning: Warning) => void): BaseMessage[] {
  return content.flatMap((part): BaseMessage[] => {
    if (part.type !== "tool-result") {
      warn({ code: "dropped", path, message: `LangChain has no "${part.kind}" among the results of tools.` });
      return [];
    }
    const message = new ToolMessage({
      tool_call_id: part.id,
      name: part.name,
      content: writeOutput(part),
      ...(part.isError && { status: "error" as const }),
    });
    return [kept(message, { role: "tool", content: [part] })];
  });
}

function writeOutput({ output }: ToolResultPart): MessageContent {
  if (typeof output === "string") return output;
  const [first] = output;
  if (output.length === 1 && first?.type === "json") return JSON.stringify(first.value);
  return output.map((part) =>
    part.type === "json" ? { type: "text", text: JSON.stringify(part.value) } : writeInput(part),
  );
}

/** Puts a message of ours beside what it became, where that does not say all of it. */
function kept(written: BaseMessage, ours: Message): BaseMessage {
  const back = readMessage(written);
  if (JSON.stringify(toPlain(back)) !== JSON.stringify(toPlain(ours)))
    written.additional_kwargs["plugboard"] = toPlain(ours);
  return written;
}

/** The message of LangChain's that these parts came from, if they still say the same. */
function originalOf(parts: readonly AssistantPart[]): AIMessage | undefined {
  const whole = parts.find((part) => part.type === "opaque" && part.kind === langchainMessage);
  const fields = whole?.type === "opaque" ? objectOf(whole.providerData["langchain"]) : undefined;
  if (!fields) return undefined;
  const { content, ...more } = fromPlain(fields) as { content: MessageContent };
  const others = parts.filter((part) => part !== whole);
  const message = new AIMessage({ ...writeAnswer(others), ...more, content });
  const before = readMessage(message);
  return saidOf(before?.content) === saidOf(others) ? message : undefined;
}

/** What a turn says, to tell whether the application has changed it. */
function saidOf(content: Message["content"] | undefined): string {
  if (content === undefined || typeof content === "string") return content ?? "";
  return content
    .map((part) => (part.type === "text" ? part.text : part.type === "tool-call" ? part.id : ""))
    .join("\n")
    .trim();
}
