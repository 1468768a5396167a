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
import { ModelError, toolCallsOf } from "@plugboard/core";
import { isImage, writeImage } from "./image.ts";
import { noResult, objectOf, ownersOf, takeResult } from "@plugboard/wire";
import type { CallPlace } from "@plugboard/wire";

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
  readonly id: string;
  readonly function: { readonly index?: number; readonly name: string; readonly arguments: JsonObject };
};

/** Is told what was adapted or dropped. */
export type Warn = (warning: Warning) => void;

/** Between the texts of one message, as Ollama itself merges neighbouring messages (`collate` in its template package). */
const paragraph = "\n\n";

/**
 * Our messages as Ollama's: every call of a tool is answered right after the turn that made it, and no answer stands without its call. A
 * history that is otherwise is mended, with a warning, and what says nothing is left out.
 *
 * @throws {ModelError} `unsupported` for a file that is not the bytes of an image; `invalid-request` where no message says anything
 */
export function writeMessages(messages: readonly Message[], warn: Warn): ChatMessage[] {
  const written: ChatMessage[] = [];
  const answered = new Set<ToolResultPart>();
  messages.forEach((message, place) => {
    const path = `messages[${place}]`;
    warnOfOwned(message, path, warn);
    if (message.role === "tool") return written.push(...writeOrphans(message, path, answered, warn));
    const said = writeMessage(message, path, warn);
    if (saysNothing(said)) {
      return warn({ code: "adapted", path, message: "The message has nothing in it to send, and is left out." });
    }
    written.push(said);
    if (message.role !== "assistant" || typeof message.content === "string") return undefined;
    written.push(...writeResults(said, toolCallsOf({ content: message.content }), { messages, place, answered }, warn));
    return undefined;
  });
  if (written.length > 0) return written;
  throw new ModelError("`messages` must have at least one message with something in it.", {
    code: "invalid-request",
    provider: "ollama",
  });
}

function writeMessage(message: Exclude<Message, ToolMessage>, path: string, warn: Warn): ChatMessage {
  if (message.role === "system") return { role: "system", content: message.content };
  return message.role === "user" ? writeUser(message, path, warn) : writeAssistant(message, path, warn);
}

function saysNothing({ content, thinking, images, tool_calls }: ChatMessage): boolean {
  return content === "" && thinking === undefined && images === undefined && tool_calls === undefined;
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
        else {
          const taken = part.id === "" || calls.some(({ id }) => id === part.id);
          const id = taken ? `${part.id || "call"}_${calls.length}` : part.id;
          calls.push(writeToolCall({ ...part, id }, calls.length, at, warn));
        }
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
  const object = objectOf(input);
  if (object) return { id, function: { index, name, arguments: object } };
  warn({
    code: "adapted",
    path: `${path}.input`,
    message: "Ollama holds arguments as an object: what is none is sent as its member `input`.",
  });
  return { id, function: { index, name, arguments: { input } } };
}

/** The answers to the calls of a turn, each of which gets one. */
function writeResults(
  { tool_calls: written = [] }: ChatMessage,
  calls: readonly ToolCallPart[],
  at: CallPlace,
  warn: Warn,
): ChatMessage[] {
  return written.map(({ id }, index): ChatMessage => {
    const call = calls[index]!;
    const answers = { tool_name: call.name, tool_call_id: id };
    const found = takeResult(call, at, warn);
    if (!found) return { role: "tool", content: noResult, ...answers };
    warnOfOwned(found.result, found.path, warn);
    return { role: "tool", ...writeOutput(found.result, found.path, warn), ...answers };
  });
}

/** Results of calls that are not in the conversation become something the user says. */
function writeOrphans(
  { content }: ToolMessage,
  path: string,
  answered: ReadonlySet<ToolResultPart>,
  warn: Warn,
): ChatMessage[] {
  return content.flatMap((part, place): ChatMessage[] => {
    const at = `${path}.content[${place}]`;
    if (part.type === "opaque") {
      warn(dropped(at, `items of another provider (${part.kind})`));
      return [];
    }
    if (answered.has(part)) return [];
    warnOfOwned(part, at, warn);
    const message = `No call has the id ${part.id}; the result is sent as words of the user.`;
    warn({ code: "adapted", path: at, message });
    const { content: told, images } = writeOutput(part, at, warn);
    return [{ role: "user", content: `Result of the tool ${part.name}: ${told}`, ...(images && { images }) }];
  });
}

/** What a tool gave back. */
function writeOutput(
  { output, isError }: ToolResultPart,
  path: string,
  warn: Warn,
): Pick<ChatMessage, "content" | "images"> {
  const parts: readonly (TextPart | FilePart)[] =
    typeof output === "string"
      ? [{ type: "text", text: output }]
      : output.map((part) => (part.type === "json" ? { type: "text", text: JSON.stringify(part.value) } : part));
  const written = writeContent(parts, path, warn);
  if (!isError) return written;
  const message = "Ollama has no mark for a failed tool: its result begins with `Error: `.";
  warn({ code: "adapted", path: `${path}.isError`, message });
  return { ...written, content: `Error: ${written.content}` };
}

/** Nothing of Ollama's has to be handed back; what belongs to others stays here. */
function warnOfOwned({ providerData }: Owned, path: string, warn: Warn): void {
  const names = ownersOf(providerData).join(", ");
  if (names !== "") warn(dropped(`${path}.providerData`, `data of another provider (${names})`));
}

function dropped(path: string, what: string): Warning {
  return { code: "dropped", path, message: `Ollama has no place for ${what}.` };
}
