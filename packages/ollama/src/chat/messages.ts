import type {
  AssistantMessage,
  AssistantPart,
  FilePart,
  JsonObject,
  Message,
  Owned,
  TextPart,
  ToolCallPart,
  ToolMessage,
  ToolResultPart,
  UserMessage,
  Warning,
} from "@plugboard/core";
import { isObject } from "./is-object.ts";
import { isImage, writeImage } from "./image.ts";

/** A message as `/api/chat` has it; `read-messages.ts` is the way back. */
export type ChatMessage = {
  readonly role: string;
  readonly content: string;
  readonly thinking?: string;
  readonly images?: readonly string[];
  readonly tool_calls?: readonly ChatToolCall[];
  readonly tool_name?: string;
  readonly tool_call_id?: string;
};

/** Arguments are an object here, not text. */
export type ChatToolCall = {
  readonly id?: string;
  readonly function: { readonly index?: number; readonly name: string; readonly arguments: JsonObject };
};

/** Is told what was adapted or dropped. */
export type Warn = (warning: Warning) => void;

/** Between the texts of one message, as Ollama itself merges neighbouring messages (`collate` in its template package). */
const paragraph = "\n\n";

/**
 * Our messages as Ollama's.
 *
 * @throws {ModelError} `unsupported`, for a file that is not the bytes of an image
 */
export function writeMessages(messages: readonly Message[], warn: Warn): ChatMessage[] {
  return messages.flatMap((message, place) => writeMessage(message, `messages[${place}]`, warn));
}

function writeMessage(message: Message, path: string, warn: Warn): ChatMessage[] {
  warnOfOwned(message, path, warn);
  switch (message.role) {
    case "system":
      return [{ role: "system", content: message.content }];
    case "user":
      return [writeUser(message, path, warn)];
    case "assistant":
      return [writeAssistant(message, path, warn)];
    default:
      return writeTool(message, path, warn);
  }
}

function writeUser({ content }: UserMessage, path: string, warn: Warn): ChatMessage {
  if (typeof content === "string") return { role: "user", content };
  return { role: "user", ...writeContent(content, path, warn) };
}

/** Text and images, which Ollama holds apart. */
function writeContent(
  parts: readonly (TextPart | FilePart)[],
  path: string,
  warn: Warn,
): Pick<ChatMessage, "content" | "images"> {
  const texts: string[] = [];
  const images: string[] = [];
  parts.forEach((part, place) => {
    const at = `${path}.content[${place}]`;
    warnOfOwned(part, at, warn);
    if (part.type === "text") texts.push(part.text);
    else images.push(writeImage(part, at));
  });
  return { content: texts.join(paragraph), ...(images.length > 0 && { images }) };
}

function writeAssistant({ content }: AssistantMessage, path: string, warn: Warn): ChatMessage {
  if (typeof content === "string") return { role: "assistant", content };
  return { role: "assistant", ...writeAnswer(content, path, warn) };
}

/** The parts of an answer as the one message that Ollama holds them in. */
export function writeAnswer(parts: readonly AssistantPart[], path: string, warn: Warn): Omit<ChatMessage, "role"> {
  let text = "";
  let thinking = "";
  const images: string[] = [];
  const calls: ChatToolCall[] = [];
  parts.forEach((part, place) => {
    const at = `${path}.content[${place}]`;
    if (part.type !== "opaque") warnOfOwned(part, at, warn);
    switch (part.type) {
      case "text":
        text += part.text;
        if (part.citations?.length) warn(dropped(`${at}.citations`, "citations"));
        return;
      case "reasoning":
        thinking += part.text;
        return;
      case "file":
        // What a model once made is history: the conversation goes on without it.
        if (isImage(part)) images.push(writeImage(part, at));
        else warn(dropped(at, `${part.mediaType} or URLs`));
        return;
      case "tool-call":
        if (part.executed) warn(dropped(at, "calls that a provider has run itself"));
        else calls.push(writeToolCall(part, calls.length, at, warn));
        return;
      case "tool-result":
        warn(dropped(at, "results of tools that a provider has run itself"));
        return;
      case "source":
        warn(dropped(at, "sources"));
        return;
      case "opaque":
        warn(dropped(at, `items of another provider (${part.kind})`));
    }
  });
  return {
    content: text,
    ...(thinking !== "" && { thinking }),
    ...(images.length > 0 && { images }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

/** A call with its arguments as an object, which is all that Ollama takes. */
export function writeToolCall(
  { id, name, input }: ToolCallPart,
  index: number,
  path: string,
  warn: Warn,
): ChatToolCall {
  if (isObject(input)) return { id, function: { index, name, arguments: input } };
  warn({
    code: "adapted",
    path: `${path}.input`,
    message: "Ollama holds arguments as an object: what is none is sent as its member `input`.",
  });
  return { id, function: { index, name, arguments: { input } } };
}

function writeTool({ content }: ToolMessage, path: string, warn: Warn): ChatMessage[] {
  const messages: ChatMessage[] = [];
  content.forEach((part, place) => {
    const at = `${path}.content[${place}]`;
    if (part.type === "opaque") {
      warn(dropped(at, `items of another provider (${part.kind})`));
      return;
    }
    warnOfOwned(part, at, warn);
    messages.push(writeToolResult(part, at, warn));
  });
  return messages;
}

function writeToolResult({ id, name, output, isError }: ToolResultPart, path: string, warn: Warn): ChatMessage {
  const parts: readonly (TextPart | FilePart)[] =
    typeof output === "string"
      ? [{ type: "text", text: output }]
      : output.map((part) => (part.type === "json" ? { type: "text", text: JSON.stringify(part.value) } : part));
  const { content, images } = writeContent(parts, path, warn);
  if (isError) {
    warn({
      code: "adapted",
      path: `${path}.isError`,
      message: "Ollama has no mark for a failed tool: its result begins with `Error: `.",
    });
  }
  return {
    role: "tool",
    content: isError ? `Error: ${content}` : content,
    ...(images && { images }),
    tool_name: name,
    tool_call_id: id,
  };
}

/** Nothing of Ollama's has to be handed back; what belongs to others stays here. */
function warnOfOwned({ providerData = {} }: Owned, path: string, warn: Warn): void {
  const names = Object.keys(providerData).join(", ");
  if (names !== "") warn(dropped(`${path}.providerData`, `data of another provider (${names})`));
}

function dropped(path: string, what: string): Warning {
  return { code: "dropped", path, message: `Ollama has no place for ${what}.` };
}
