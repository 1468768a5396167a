import type { AssistantPart, Json, JsonObject, SourcePart, ToolResultPart, Warning } from "@plugboard/core";
import { dataURL, itemsAt, objectAt, objectOf, refusedField, stringOf, textAt } from "@plugboard/wire";
import { readContent, readPrompt, writeContent, writePrompt } from "@plugboard/wrap/ai-sdk/messages";
import type { ConversationMessage, MessageNotes } from "../conversation.ts";
import { defineFormat } from "../define-format.ts";
import { everything } from "../everything.ts";
import type { Format, ReadConversation } from "../format.ts";
import { lossOf } from "../loss-of.ts";
import { fileDataAt } from "./file-data-at.ts";
import { promptOutput } from "./model-messages.ts";
import { plain } from "./plain.ts";

type Prompt = Parameters<typeof readPrompt>[0];
type Warn = (warning: Warning) => void;

/**
 * `UIMessage`s of the AI SDK, as `useChat` keeps them: a list of messages, in which a call and its result are one part and the steps of an
 * answer stand in one message. When a message was said and which model said it are `createdAt` and `model` of its metadata.
 */
export const aiSdkUiMessages: Format = /* @__PURE__ */ defineFormat({
  name: "ai-sdk-ui",
  title: "UIMessages of the AI SDK",
  isList: true,
  holds: { ...everything, conversation: [], toolDefinitions: false },
  read(json): ReadConversation {
    const warnings: Warning[] = [];
    const messages = itemsAt(json, "messages").flatMap((message, place) =>
      readMessage(message, `messages[${place}]`, (warning) => warnings.push(warning)),
    );
    return { conversation: { messages }, losses: warnings.map(lossOf) };
  },
  write({ messages }) {
    const warnings: Warning[] = [];
    return { json: plain(writeMessages(messages, (warning) => warnings.push(warning))), warnings };
  },
});

function readMessage(value: Json, path: string, warn: Warn): ConversationMessage[] {
  const message = objectAt(value, path);
  const parts = itemsAt(message["parts"], `${path}.parts`).map((part, place) =>
    objectAt(part, `${path}.parts[${place}]`),
  );
  const { role } = message;
  const notes = notesOf(message);
  switch (role) {
    case "system": {
      const content = parts.map((part, place) => textAt(part["text"], `${path}.parts[${place}].text`)).join("");
      return [{ role, content, ...notes }];
    }
    case "user": {
      const content = parts.flatMap((part, place) => readPart(part, `${path}.parts[${place}]`, warn));
      return [{ role, content: content.filter((part) => part.type === "text" || part.type === "file"), ...notes }];
    }
    case "assistant":
      return withNotes(readSteps(parts, path, warn), notes);
    default:
      throw refusedField(`${path}.role`, "system, user or assistant", role);
  }
}

function withNotes([first, ...steps]: readonly ConversationMessage[], notes: MessageNotes): ConversationMessage[] {
  return first ? [{ ...first, ...notes }, ...steps] : [];
}

function notesOf({ id, metadata }: JsonObject): MessageNotes {
  const { createdAt, model } = objectOf(metadata) ?? {};
  const created = typeof createdAt === "string" ? Date.parse(createdAt) : createdAt;
  return {
    ...(typeof id === "string" && id !== "" && { id }),
    ...(typeof created === "number" && Number.isFinite(created) && { created }),
    ...(typeof model === "string" && { model }),
  };
}

/** The steps of an answer, each with the results that it was given. */
function readSteps(parts: readonly JsonObject[], path: string, warn: Warn): ConversationMessage[] {
  const messages: ConversationMessage[] = [];
  let said: AssistantPart[] = [];
  let results: ToolResultPart[] = [];
  const end = (): void => {
    if (said.length > 0 || (messages.length === 0 && results.length === 0))
      messages.push({ role: "assistant", content: said });
    if (results.length > 0) messages.push({ role: "tool", content: results });
    said = [];
    results = [];
  };
  parts.forEach((part, place) => {
    const at = `${path}.parts[${place}]`;
    if (part["type"] === "step-start") {
      if (said.length > 0 || results.length > 0) end();
      return;
    }
    for (const read of readPart(part, at, warn)) {
      if (read.type === "tool-result" && !read.executed) results.push(read);
      else said.push(read);
    }
  });
  if (said.length > 0 || results.length > 0 || messages.length === 0) end();
  return messages;
}

function readPart(part: JsonObject, path: string, warn: Warn): readonly AssistantPart[] {
  const type = textAt(part["type"], `${path}.type`);
  const { providerMetadata } = part;
  switch (type) {
    case "text":
    case "reasoning":
      textAt(part["text"], `${path}.text`);
      return asContent(part);
    case "custom":
      textAt(part["kind"], `${path}.kind`);
      return asContent(part);
    case "file":
    case "reasoning-file": {
      const filename = stringOf(part["filename"]);
      const mediaType = textAt(part["mediaType"], `${path}.mediaType`);
      const data = fileDataAt(part["url"], `${path}.url`);
      return asContent({ type, mediaType, data, providerMetadata }).map((read) =>
        read.type === "file" && filename !== undefined ? Object.assign(read, { filename }) : read,
      );
    }
    case "source-url": {
      const url = textAt(part["url"], `${path}.url`);
      return asContent({ ...part, type: "source", sourceType: "url", id: stringOf(part["sourceId"]) ?? url });
    }
    case "source-document":
      return asContent({
        ...part,
        type: "source",
        sourceType: "document",
        id: textAt(part["sourceId"], `${path}.sourceId`),
      });
    case "steering-message":
      warn({ code: "dropped", path, message: "What a user said while the answer was written has no turn of its own." });
      return [];
    case "dynamic-tool":
      return readTool(part, textAt(part["toolName"], `${path}.toolName`), path, warn);
    default:
      if (type.startsWith("tool-")) return readTool(part, type.slice("tool-".length), path, warn);
      if (type === "step-start") return [];
      if (type.startsWith("data-")) {
        warn({ code: "dropped", path, message: "Data of the application's own is not part of what was said." });
        return [];
      }
      throw refusedField(`${path}.type`, "a part of a UIMessage", type);
  }
}

/** Pieces of an answer are read by the bridge; what it reads of them has been looked at. */
function asContent(content: object): readonly AssistantPart[] {
  const part = readContent(content as Parameters<typeof readContent>[0]);
  return part ? [part] : [];
}

function readTool(part: JsonObject, toolName: string, path: string, warn: Warn): readonly AssistantPart[] {
  const toolCallId = textAt(part["toolCallId"], `${path}.toolCallId`);
  const { state, input, providerExecuted, callProviderMetadata } = part;
  if (state === "input-streaming") {
    warn({ code: "dropped", path, message: "The call was not whole yet." });
    return [];
  }
  const ran = providerExecuted === true;
  const call = {
    type: "tool-call",
    toolCallId,
    toolName,
    input: input ?? {},
    providerOptions: callProviderMetadata,
    ...(ran && { providerExecuted }),
  };
  const output = readOutput(part, path);
  const parts = partsOf("assistant", call, warn);
  if (!output) return parts;
  const result = { type: "tool-result", toolCallId, toolName, output, providerOptions: part["resultProviderMetadata"] };
  return [...parts, ...partsOf(ran ? "assistant" : "tool", result, warn)];
}

function partsOf(role: "assistant" | "tool", part: object, warn: Warn): readonly AssistantPart[] {
  // The members that the bridge reads are those that are put together here.
  const [message] = readPrompt([{ role, content: [part] }] as unknown as Prompt, warn);
  return message && typeof message.content !== "string" ? message.content : [];
}

/** What a tool gave back, as prompts of the AI SDK have it. */
function readOutput(part: JsonObject, path: string): object | undefined {
  const { state, output = null, errorText, approval } = part;
  const written = objectOf(objectOf(part["resultProviderMetadata"])?.["plugboard"])?.["output"];
  switch (state) {
    case "output-available":
      if (written === "content") return promptOutput(output, `${path}.output`);
      if (written === "json" || typeof output !== "string") return { type: "json", value: output };
      return { type: "text", value: output };
    case "output-error": {
      const text = textAt(errorText, `${path}.errorText`);
      if (written === "content") return { ...promptOutput(JSON.parse(text) as Json, `${path}.errorText`), ...failed };
      return written === "error-json"
        ? { type: "error-json", value: JSON.parse(text) as Json, ...bare }
        : { type: "error-text", value: text };
    }
    case "output-denied":
      return { type: "execution-denied", reason: stringOf(objectOf(approval)?.["reason"]) };
    case "input-available":
    case "approval-requested":
    case "approval-responded":
      return undefined;
    default:
      throw refusedField(`${path}.state`, "input-available, output-available, output-error or output-denied", state);
  }
}

const failed = { providerOptions: { plugboard: { isError: true } } };
/** A JSON text that failed is JSON, not the text itself. */
const bare = { providerOptions: { plugboard: { json: true } } };

function writeMessages(messages: readonly ConversationMessage[], warn: Warn): object[] {
  const written: { readonly role: string; readonly parts: object[] }[] = [];
  let ended: ConversationMessage["role"] | undefined;
  messages.forEach((message, place) => {
    const { role, content } = message;
    const path = `messages[${place}]`;
    const ownTurn = role !== "tool" && !(role === "assistant" && ended === "tool");
    if (ownTurn)
      written.push({ id: message.id ?? `message-${place}`, role, ...metadataOf(message), parts: [] } as never);
    const parts = written.at(-1)?.parts ?? [];
    if (role === "assistant" && !ownTurn) parts.push({ type: "step-start" });
    ended = role;
    if (typeof content === "string") parts.push({ type: "text", text: content });
    else {
      content.forEach((part, index) => {
        const at = `${path}.content[${index}]`;
        if (part.type === "tool-result") answer(part, parts, at, warn);
        else parts.push(...writePart(part, at, warn));
      });
    }
  });
  return written;
}

function metadataOf({ created, model }: MessageNotes): object {
  if (created === undefined && model === undefined) return {};
  return { metadata: { ...(created !== undefined && { createdAt: created }), ...(model !== undefined && { model }) } };
}

function writePart(part: AssistantPart, path: string, warn: Warn): object[] {
  if (part.type === "source") return [writeSource(part)];
  const [message] = writePrompt([{ role: "assistant", content: [part] }], (warning) => warn({ ...warning, path }));
  const [piece] = typeof message?.content === "string" ? [] : (message?.content ?? []);
  if (!piece) return [];
  const { providerOptions, ...rest } = piece;
  const owned = providerOptions && { providerMetadata: providerOptions };
  if (piece.type === "file" || piece.type === "reasoning-file") {
    const { data, mediaType } = piece;
    const url = data.type === "url" ? data.url.href : dataURL(mediaType, bytesOf(data));
    return [{ ...rest, data: undefined, url, ...owned }];
  }
  if (piece.type !== "tool-call") return [{ ...rest, ...owned }];
  const { toolCallId, toolName, input, providerExecuted } = piece;
  return [
    {
      type: `tool-${toolName}`,
      toolCallId,
      state: "input-available",
      input,
      ...(providerExecuted && { providerExecuted }),
      ...(providerOptions && { callProviderMetadata: providerOptions }),
    },
  ];
}

function bytesOf(data: { readonly type: string; readonly data?: unknown; readonly text?: unknown }): Uint8Array {
  return data.data instanceof Uint8Array ? data.data : new TextEncoder().encode(String(data.text));
}

function writeSource(part: SourcePart): object {
  const source = writeContent(part, new Set()) as unknown as JsonObject;
  const { sourceType, id: sourceId, type: _, ...rest } = source;
  return { type: sourceType === "url" ? "source-url" : "source-document", sourceId, ...rest };
}

/** Puts a result with the last call that it may answer. */
function answer(part: ToolResultPart, parts: object[], path: string, warn: Warn): void {
  const place = parts.findLastIndex(
    (each) =>
      "toolCallId" in each && each.toolCallId === part.id && "state" in each && each.state === "input-available",
  );
  if (place < 0) {
    warn({ code: "dropped", path, message: "A result stands with its call; there is none with that id before it." });
    return;
  }
  const [message] = writePrompt([{ role: "tool", content: [{ ...part, executed: undefined } as never] }], (warning) =>
    warn({ ...warning, path }),
  );
  const [piece] = message?.role === "tool" ? message.content : [];
  if (piece?.type !== "tool-result") return;
  const { output, providerOptions } = piece;
  const marks = markOf(output);
  const owned = marks
    ? { ...providerOptions, plugboard: { ...providerOptions?.["plugboard"], output: marks } }
    : providerOptions;
  parts[place] = { ...parts[place], ...writeOutput(output), ...(owned && { resultProviderMetadata: owned }) };
}

type Output = Extract<ReturnType<typeof writePrompt>[number], { role: "tool" }>["content"][number];
type ToolOutput = Extract<Output, { type: "tool-result" }>["output"];

/** What the form of a UI message does not tell by itself. */
function markOf(output: ToolOutput): string | undefined {
  if (output.type === "content" || output.type === "error-json") return output.type;
  return output.type === "json" && typeof output.value === "string" ? output.type : undefined;
}

function writeOutput(output: ToolOutput): object {
  switch (output.type) {
    case "text":
    case "json":
      return { state: "output-available", output: output.value };
    case "content": {
      const { providerOptions } = output as { readonly providerOptions?: Record<string, JsonObject> };
      const isError = providerOptions?.["plugboard"]?.["isError"] === true;
      const content = { type: output.type, value: plain(output.value) };
      return isError
        ? { state: "output-error", errorText: JSON.stringify(content) }
        : { state: "output-available", output: content };
    }
    case "error-text":
      return { state: "output-error", errorText: output.value };
    case "error-json":
      return { state: "output-error", errorText: JSON.stringify(output.value) };
    default:
      return { state: "output-denied", approval: { id: "denied", approved: false, reason: output.reason } };
  }
}
