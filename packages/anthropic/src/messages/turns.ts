import type { AssistantPart, FilePart, Json, Message, TextPart, ToolResultPart, Warning } from "@plugboard/core";
import type { ClaudeAbilities } from "@plugboard/wire";
import type { Block, Naming } from "./messages.ts";
import { ModelError } from "@plugboard/core";
import { fileBlockOf } from "./file-block.ts";
import { blockOf, ownData, ownsCitations } from "./messages.ts";
import { foreignData, leftOut, stringOf } from "@plugboard/wire";
import { answeredTurns } from "./tool-turns.ts";

/** One message on the wire, before it is written. */
export interface Turn {
  readonly role: "user" | "assistant" | "system";
  readonly blocks: Block[];
}

/** A conversation as Anthropic wants it. */
export interface Conversation {
  readonly system: readonly Block[];
  readonly turns: readonly Turn[];
  /** The last turn is an assistant's, to go on from. */
  readonly prefilled: boolean;
}

interface TurnContext extends Naming {
  readonly model: string;
  readonly abilities: ClaudeAbilities;
  /** Whether the platform fetches files that are named by a URL. */
  readonly fetchesFiles: boolean;
  readonly warn: (warning: Warning) => void;
}

/**
 * Lays a conversation out in turns that alternate: neighbours are joined, tool results stand first in the user's turn and answer the
 * calls before them, and what Anthropic would refuse is repaired or left out, with a warning.
 *
 * @throws {ModelError} `unsupported` or `invalid-request`, naming the message
 */
export function conversationOf(messages: readonly Message[], context: TurnContext): Conversation {
  const { abilities, fetchesFiles, warn, model } = context;
  const system: Block[] = [];
  const turns: Turn[] = [];
  const ids = legalIds();
  const noteForeign = foreignData({ provider: "Anthropic", understands: (data) => ownData(data) !== undefined, warn });
  const toolNames = new Map<string, string>(); // by the id of the call
  let leading = true;

  function add(role: Turn["role"], block: Block): void {
    if (block["type"] === "text" && block["text"] === "") return;
    const last = turns.at(-1);
    if (last?.role === role) last.blocks.push(block);
    else turns.push({ role, blocks: [block] });
  }

  function addResult(part: ToolResultPart, path: string): void {
    noteForeign(part, path);
    toolNames.set(ids(part.id), part.name);
    const content = resultContent(part, path, fetchesFiles);
    add("user", {
      type: "tool_result",
      tool_use_id: ids(part.id),
      ...(content.length > 0 && { content }),
      ...(part.isError && { is_error: true }),
      ...ownData(part.providerData),
    });
  }

  function addUserPart(part: TextPart | FilePart, path: string): void {
    noteForeign(part, path);
    if (part.type === "file") add("user", fileBlockOf(part, path, fetchesFiles));
    else if (part.type === "text") add("user", { type: "text", text: part.text, ...ownData(part.providerData) });
    else
      warn({
        code: "dropped",
        path,
        message: `Anthropic takes no part of the type ${stringOf((part as { type?: Json }).type)}.`,
      });
  }

  function addAssistantPart(part: AssistantPart, path: string, answered: ReadonlySet<string>): void {
    noteForeign(part, path);
    if (part.type === "text" && !ownsCitations(part)) {
      warn({
        code: "dropped",
        path: `${path}.citations`,
        message: "Citations of another provider are not sent to Anthropic.",
      });
    }
    const ours = ownData(part.providerData);
    // What a layer or another provider ran is told as a call of ours with its result.
    if (part.type === "tool-call" && part.executed && ours?.["type"] === undefined && answered.has(part.id)) {
      const { executed: _, ...call } = part;
      return add("assistant", withId(blockOf(call, context)!, ids(part.id)));
    }
    if (part.type === "tool-result" && ours?.["type"] === undefined) return addResult(part, path);
    if (part.type === "tool-call" && part.invalid) {
      warn({ code: "adapted", path, message: "Arguments that are not JSON are sent as a text within an object." });
    }
    const block = blockOf(part, context);
    if (!block) return warn(leftOut(part, path, "Anthropic"));
    add("assistant", block["type"] === "tool_use" ? withId(block, ids(stringOf(block["id"]) ?? "")) : block);
  }

  messages.forEach((message, place) => {
    const path = `messages[${place}]`;
    const before = turns.at(-1);
    const length = before?.blocks.length ?? 0;
    noteForeign(message, path);
    if (message.role === "system") {
      if (message.content.trim() === "") return;
      const block = { type: "text", text: message.content, ...ownData(message.providerData) };
      if (leading) system.push(block);
      else if (abilities.laterSystem) add("system", block);
      else {
        system.push(block);
        warn({
          code: "adapted",
          path,
          message: "The model takes no system message in the middle; it stands with the first ones.",
        });
      }
      return;
    }
    leading = false;
    if (message.role === "user") {
      if (typeof message.content === "string") add("user", { type: "text", text: message.content });
      else message.content.forEach((part, index) => addUserPart(part, `${path}.content[${index}]`));
    } else if (message.role === "assistant") {
      const parts: readonly AssistantPart[] =
        typeof message.content === "string" ? [{ type: "text", text: message.content }] : message.content;
      const answered = new Set(parts.flatMap((part) => (part.type === "tool-result" ? part.id : [])));
      parts.forEach((part, index) => addAssistantPart(part, `${path}.content[${index}]`, answered));
    } else {
      message.content.forEach((part, index) => {
        const at = `${path}.content[${index}]`;
        if (part.type === "tool-result") return addResult(part, at);
        const block = blockOf(part, context);
        if (block) add("user", block);
        else warn(leftOut(part, at, "Anthropic"));
      });
    }
    const last = turns.at(-1);
    if (last === undefined || (last === before && last.blocks.length === length)) {
      warn({ code: "adapted", path, message: "The message has nothing in it to send, and is left out." });
    } else markCache(message, last);
  });

  const placed = joined(placeSystem(joined(turns.filter(hasContent)), system, warn));
  const answered = answeredTurns(placed, (id) => toolNames.get(id) ?? "a tool", warn);
  const repaired = joined(placeSystem(answered, system, warn)); // a repair may have moved what a system message stood behind
  const prefilled = checkEnd(repaired, model, abilities);
  if (!repaired.some((turn) => turn.role !== "system")) {
    throw new ModelError("`messages` must have at least one message with something in it, besides system messages.", {
      code: "invalid-request",
    });
  }
  return { system, turns: repaired, prefilled };
}

/** The content of a `tool_result`: text, images and documents. */
function resultContent({ output }: ToolResultPart, path: string, fetchesFiles: boolean): string | Block[] {
  if (typeof output === "string") return output;
  const blocks: Block[] = [];
  output.forEach((part, index) => {
    if (part.type === "file") blocks.push(fileBlockOf(part, `${path}.output[${index}]`, fetchesFiles));
    else if (part.type === "json") blocks.push({ type: "text", text: JSON.stringify(part.value) });
    else if (part.text !== "") blocks.push({ type: "text", text: part.text, ...ownData(part.providerData) });
  });
  return blocks;
}

/** A cache mark on a message is one on its last block that can carry it. */
function markCache({ providerData }: Message, turn: Turn): void {
  const mark = ownData(providerData)?.["cache_control"];
  if (mark === undefined) return;
  const block = turn.blocks.findLast(({ type }) => type !== "thinking" && type !== "redacted_thinking");
  if (block) block["cache_control"] = mark;
}

/** Anthropic refuses a turn of nothing but blanks. */
function hasContent({ blocks }: Turn): boolean {
  return blocks.some((block) => block["type"] !== "text" || (stringOf(block["text"]) ?? "").trim() !== "");
}

/** Joins neighbours of one role. */
function joined(turns: readonly Turn[]): Turn[] {
  const result: Turn[] = [];
  for (const turn of turns) {
    const last = result.at(-1);
    if (last?.role === turn.role) last.blocks.push(...turn.blocks);
    else result.push({ role: turn.role, blocks: [...turn.blocks] });
  }
  return result;
}

/** A system message in the middle stands after a user's turn, and before an assistant's or at the end. Others go to the first ones. */
function placeSystem(turns: readonly Turn[], system: Block[], warn: (warning: Warning) => void): Turn[] {
  return turns.filter((turn, index) => {
    if (turn.role !== "system") return true;
    const next = turns[index + 1];
    if (turns[index - 1]?.role === "user" && (next === undefined || next.role === "assistant")) return true;
    system.push(...turn.blocks);
    const message = "A system message that does not follow the user's stands with the first ones.";
    warn({ code: "adapted", path: "messages", message });
    return false;
  });
}

/** Whether the conversation ends with words of the assistant, that the model is to go on from. */
function checkEnd(turns: Turn[], model: string, { prefill }: ClaudeAbilities): boolean {
  const last = turns.at(-1);
  if (last?.role !== "assistant") return false;
  // An answer that paused for a tool of Anthropic's is sent back as it is.
  if (last.blocks.some(({ type }) => type === "server_tool_use" || type === "mcp_tool_use")) return false;
  if (!prefill) {
    throw new ModelError(
      `${model} does not go on from an assistant message: the last of \`messages\` must be of the user or a tool.`,
      {
        code: "unsupported",
      },
    );
  }
  const block = last.blocks.at(-1);
  // Trailing blanks are refused there.
  if (block?.["type"] === "text") block["text"] = (stringOf(block["text"]) ?? "").trimEnd();
  if (block?.["text"] === "") last.blocks.pop();
  if (last.blocks.length === 0) turns.pop();
  return last.blocks.length > 0;
}

function withId(block: Block, id: string): Block {
  return { ...block, id };
}

/** Ids of calls as Anthropic takes them (`^[a-zA-Z0-9_-]+$`), the same for a call and its result. */
function legalIds(): (id: string) => string {
  const known = new Map<string, string>();
  const taken = new Set<string>();
  return (id) => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const wanted = id.replace(/[^a-zA-Z0-9_-]/g, "_") || "_";
    let free = wanted;
    for (let number = 2; taken.has(free); number++) free = `${wanted}_${number}`;
    known.set(id, free);
    taken.add(free);
    return free;
  };
}
