import type {
  AssistantPart,
  FilePart,
  Json,
  JsonObject,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  Warning,
} from "@plugboard/core";
import { itemsAt, listOf, objectAt, objectOf, refusedField, stringOf, textAt } from "@plugboard/wire";
import type { Conversation, ConversationMessage } from "../conversation.ts";
import { defineFormat } from "../define-format.ts";
import type { Format, Loss, ReadConversation } from "../format.ts";
import { readWatched } from "../losses/read-watched.ts";
import { partsOf } from "../parts-of.ts";

/**
 * A conversation of Claude's data export (`conversations.json` is a list of them). What was attached as text is read as a file; of other
 * files the export has the names alone.
 */
export const claudeExport: Format = /* @__PURE__ */ defineFormat({
  name: "claude",
  title: "Claude's export",
  holds: {
    conversation: ["id", "title", "created", "model"],
    message: ["id", "created"],
    system: "none",
    reasoning: "any",
    tools: "ids",
    isError: true,
    jsonOutput: false,
    toolDefinitions: false,
    files: [],
    filenames: [],
    sources: false,
    citations: false,
    owners: [],
  },
  read: (json) => readWatched(json, readExported),
  tellsAll: true,
  write: writeConversation,
});

function readExported(json: Json): ReadConversation {
  const exported = objectAt(json, "conversation");
  const losses: Loss[] = [];
  const all = itemsAt(exported["chat_messages"], "chat_messages").map((message, place) =>
    objectAt(message, `chat_messages[${place}]`),
  );
  const followed = currentBranch(all, stringOf(exported["current_leaf_message_uuid"]));
  const messages = all.flatMap((message, place) => {
    const path = `chat_messages[${place}]`;
    if (followed.has(message)) return readMessage(message, path, losses);
    losses.push({ path, what: "branch", why: "It stands on a branch that was not gone on with." });
    return [];
  });
  const { uuid: id, name: title, model } = exported;
  const created = timeOf(exported["created_at"]);
  return {
    conversation: {
      ...(typeof id === "string" && { id }),
      ...(typeof title === "string" && title !== "" && { title }),
      ...(created !== undefined && { created }),
      ...(typeof model === "string" && { model }),
      messages,
    },
    losses,
  };
}

/** The messages up to the one that was on the screen last; all of them where none is told, as in older exports. */
function currentBranch(messages: readonly JsonObject[], leaf: string | undefined): ReadonlySet<JsonObject> {
  const byId = new Map(messages.map((message) => [stringOf(message["uuid"]), message]));
  const branch = new Set<JsonObject>();
  // The first has a parent that is no message.
  for (let id = leaf; id !== undefined && byId.has(id);) {
    const message = byId.get(id)!;
    if (branch.has(message))
      throw refusedField(`chat_messages[${messages.indexOf(message)}].parent_message_uuid`, "a message before it", id);
    branch.add(message);
    id = stringOf(message["parent_message_uuid"]);
  }
  return branch.size === 0 ? new Set(messages) : branch;
}

function timeOf(value: Json | undefined): number | undefined {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isFinite(time) ? time : undefined;
}

function readMessage(message: JsonObject, path: string, losses: Loss[]): ConversationMessage[] {
  const { sender, uuid } = message;
  const created = timeOf(message["created_at"]);
  const notes = { ...(typeof uuid === "string" && { id: uuid }), ...(created !== undefined && { created }) };
  const blocks = listOf(message["content"]).map((block, place) => objectAt(block, `${path}.content[${place}]`));
  // Older exports have the text alone.
  const said = blocks.length > 0 ? blocks : [{ type: "text", text: textAt(message["text"], `${path}.text`) }];
  tellOtherText(message, blocks, path, losses);
  if (sender === "human") {
    const content = [
      ...readFiles(message, path, losses),
      ...said.flatMap((block, place) => readWords(block, `${path}.content[${place}]`, losses)),
    ];
    return [{ role: "user", content, ...notes }];
  }
  if (sender !== "assistant") throw refusedField(`${path}.sender`, "human or assistant", sender);
  const [first, ...steps] = readAnswer(said, path, losses);
  return first ? [{ ...first, ...notes }, ...steps] : [];
}

/** The text of a message is that of its blocks once more; where it is another, that is told. */
function tellOtherText({ text }: JsonObject, blocks: readonly JsonObject[], path: string, losses: Loss[]): void {
  const said = blocks.map((block) => (block["type"] === "text" ? (stringOf(block["text"]) ?? "") : "")).join("");
  if (blocks.length > 0 && typeof text === "string" && text.trim() !== "" && text !== said)
    losses.push({ path: `${path}.text`, what: "text", why: "The blocks of the message say it otherwise." });
}

/** A value of which every member is taken as it is. */
function whole(json: Json): Json {
  return JSON.parse(JSON.stringify(json)) as Json;
}

function readFiles(message: JsonObject, path: string, losses: Loss[]): FilePart[] {
  for (const [place, file] of listOf(message["files"]).entries()) {
    const name = stringOf(objectOf(file)?.["file_name"]) ?? "a file";
    losses.push({
      path: `${path}.files[${place}]`,
      what: "file",
      why: `The export names ${name}, but does not have it.`,
    });
  }
  return listOf(message["attachments"]).map((value, place) => {
    const at = `${path}.attachments[${place}]`;
    const { extracted_content: text, file_name: filename, file_type: type } = objectAt(value, at);
    const mediaType = typeof type === "string" && type.includes("/") ? type : "text/plain";
    const data = new TextEncoder().encode(textAt(text, `${at}.extracted_content`));
    const file: FilePart = { type: "file", mediaType, data };
    return typeof filename === "string" && filename !== "" ? Object.assign(file, { filename }) : file;
  });
}

function readWords(block: JsonObject, path: string, losses: Loss[]): TextPart[] {
  if (block["type"] === "text") {
    const text = textAt(block["text"], `${path}.text`);
    return text === "" ? [] : [{ type: "text", text }];
  }
  losses.push({ path, what: stringOf(block["type"]) ?? "block", why: "A user's turn has text and files alone." });
  return [];
}

/** The turns that an answer stands for: tools that ran within it are told as calls and results, which every format takes. */
function readAnswer(blocks: readonly JsonObject[], path: string, losses: Loss[]): ConversationMessage[] {
  const turns: ConversationMessage[] = [];
  let said: (TextPart | ToolCallPart | AssistantPart)[] = [];
  let results: ToolResultPart[] = [];
  const calls: ToolCallPart[] = [];
  const end = (): void => {
    if (said.length > 0 || (turns.length === 0 && results.length === 0))
      turns.push({ role: "assistant", content: said });
    if (results.length > 0) turns.push({ role: "tool", content: results });
    said = [];
    results = [];
  };
  blocks.forEach((block, place) => {
    const at = `${path}.content[${place}]`;
    if (block["type"] !== "tool_result" && results.length > 0) end();
    switch (block["type"]) {
      case "text": {
        const text = textAt(block["text"], `${at}.text`);
        if (text !== "") said.push({ type: "text", text });
        if (listOf(block["citations"]).length > 0)
          losses.push({
            path: `${at}.citations`,
            what: "citations",
            why: "They point to places outside the conversation.",
          });
        return;
      }
      case "thinking":
        said.push({ type: "reasoning", text: textAt(block["thinking"], `${at}.thinking`) });
        return;
      case "tool_use": {
        const id = stringOf(block["id"]) || `${stringOf(block["name"])}-${place}`;
        const call: ToolCallPart = {
          type: "tool-call",
          id,
          name: textAt(block["name"], `${at}.name`),
          input: whole(block["input"] ?? {}),
        };
        calls.push(call);
        said.push(call);
        return;
      }
      case "tool_result": {
        const name = textAt(block["name"], `${at}.name`);
        const wanted = stringOf(block["tool_use_id"]);
        const found = calls.findIndex((call) => (wanted ? call.id === wanted : call.name === name));
        const [call] = found < 0 ? [] : calls.splice(found, 1);
        results.push({
          type: "tool-result",
          id: call?.id ?? wanted ?? `${name}-${place}`,
          name,
          output: readOutput(block["content"]),
          ...(block["is_error"] === true && { isError: true }),
        });
        return;
      }
      default: // marks of the page, such as token_budget and flag
        losses.push({ path: at, what: stringOf(block["type"]) ?? "block", why: "It is no part of what was said." });
    }
  });
  if (said.length > 0 || results.length > 0 || turns.length === 0) end();
  return turns;
}

function readOutput(content: Json | undefined): string {
  if (typeof content === "string") return content;
  return listOf(content)
    .map((piece) => {
      // Its kind is read with its words: what it has besides is told.
      const { type: _, text } = objectOf(piece) ?? {};
      return stringOf(text) ?? JSON.stringify(piece);
    })
    .join("\n");
}

function writeConversation({ id, title, created, model, messages }: Conversation): {
  readonly json: Json;
  readonly warnings: readonly Warning[];
} {
  const warnings: Warning[] = [];
  const written: (JsonObject & { readonly content: Json[]; readonly sender: string })[] = [];
  let before: ConversationMessage["role"] | undefined;
  messages.forEach((message, place) => {
    const { role, content } = message;
    const path = `messages[${place}]`;
    if (role === "system") {
      warnings.push({ code: "dropped", path, message: "Claude's export has no system messages." });
      return;
    }
    const sender = role === "user" ? "human" : "assistant";
    // What a model says after it was given results belongs to the same answer.
    const goesOn =
      sender === "assistant" &&
      before !== undefined &&
      (role === "tool" || before === "tool") &&
      written.at(-1)?.sender === sender;
    before = role;
    if (!goesOn) {
      const time = message.created === undefined ? null : new Date(message.created).toISOString();
      written.push({
        uuid: message.id ?? null,
        sender,
        text: "",
        content: [],
        created_at: time,
        attachments: [],
        files: [],
      });
    }
    const turn = written.at(-1)!;
    partsOf(content).forEach((part, index) => {
      const at = `${path}.content[${index}]`;
      if (part.type === "file" && sender === "human" && writeFile(part, turn)) return;
      const block = blockOf(part);
      if (block) turn.content.push(block);
      else
        warnings.push({ code: "dropped", path: at, message: `Claude's export has no place for a ${part.type} here.` });
    });
  });
  for (const turn of written) {
    const text = turn.content.map((block) => stringOf(objectOf(block)?.["text"]) ?? "").join("");
    Object.assign(turn, { text });
  }
  return {
    json: {
      uuid: id ?? null,
      name: title ?? "",
      created_at: created === undefined ? null : new Date(created).toISOString(),
      ...(model !== undefined && { model }),
      chat_messages: written,
    },
    warnings,
  };
}

/** Only text can be attached with what it says. */
function writeFile({ data, mediaType, filename }: FilePart, turn: JsonObject): boolean {
  if (data instanceof URL || !mediaType.startsWith("text/")) return false;
  (turn["attachments"] as Json[]).push({
    file_name: filename ?? "",
    file_type: mediaType,
    file_size: data.byteLength,
    extracted_content: new TextDecoder().decode(data),
  });
  return true;
}

function blockOf(part: AssistantPart): JsonObject | undefined {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text, citations: [] };
    case "reasoning":
      return { type: "thinking", thinking: part.text };
    case "tool-call":
      return { type: "tool_use", id: part.id, name: part.name, input: part.input };
    case "tool-result": {
      const { id, name, output, isError = false } = part;
      const pieces = typeof output === "string" ? [{ type: "text" as const, text: output }] : output;
      const content = pieces.flatMap((piece): Json[] => {
        if (piece.type === "file") return [];
        return [{ type: "text", text: piece.type === "json" ? JSON.stringify(piece.value) : piece.text }];
      });
      return { type: "tool_result", tool_use_id: id, name, content, is_error: isError };
    }
    default:
      return undefined;
  }
}
