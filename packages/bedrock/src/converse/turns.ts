import type {
  AssistantPart,
  FilePart,
  Json,
  JsonObject,
  Message,
  Owned,
  TextPart,
  ToolResultPart,
  Warning,
} from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import type { WireTurn } from "@plugboard/wire";
import { foreignData, leftOut, legalNames, objectOf, stringOf } from "@plugboard/wire";
import type { Family } from "./family.ts";
import { documentNames, fileBlockOf } from "./file-block.ts";
import { mendTurns } from "./mend-turns.ts";
import type { Block, Naming } from "./messages.ts";
import { provider } from "../provider.ts";
import { blockOf, ownData } from "./messages.ts";

/** A conversation as Bedrock wants it. */
export interface Conversation {
  readonly system: readonly Block[];
  readonly turns: readonly WireTurn<Block>[];
  /** The last turn is an assistant's, to go on from. */
  readonly prefilled: boolean;
}

interface TurnContext extends Naming {
  readonly family: Family;
  /** Whether tools go with the request: Bedrock refuses their calls and results where none do. */
  readonly tools: boolean;
  readonly warn: (warning: Warning) => void;
}

/**
 * Lays a conversation out in turns that alternate, the user's first: neighbours are joined, results of tools stand first in the user's
 * turn and answer the calls before them, and what Bedrock would refuse is repaired or left out, with a warning.
 *
 * @throws {ModelError} `unsupported` or `invalid-request`, naming the message
 */
export function conversationOf(messages: readonly Message[], context: TurnContext): Conversation {
  const { family, warn } = context;
  const thoughts = { signed: family.claude === true };
  const noteForeign = foreignData({
    provider: "Bedrock",
    understands: (data) => data[provider] !== undefined || (family.claude === true && data["anthropic"] !== undefined),
    warn,
  });
  const system: Block[] = [];
  const turns: WireTurn<Block>[] = [];
  const ids = legalNames([], { legal: legalId, longest: longestId }).toWire;
  const nameOf = documentNames();
  const calledTools = new Map<string, string>(); // by the id of the call
  let leading = true;

  /** A block, and the mark to cache what stands before its end. */
  function add(role: "user" | "assistant", block: Block, owner: Owned = {}): void {
    if (isBlank(block)) return;
    const blocks = [block, ...markOf(owner)];
    const last = turns.at(-1);
    if (last?.role === role) last.blocks.push(...blocks);
    else turns.push({ role, blocks });
  }

  /** A mark to cache what stands before it, as Bedrock or, for Claude, Anthropic writes it. */
  function markOf(owned: Owned): Block[] {
    return cachePointOf(owned, family.claude === true);
  }

  function addResult(part: ToolResultPart, path: string): void {
    noteForeign(part, path);
    const id = ids(part.id);
    calledTools.set(id, part.name);
    const content = resultContent(part, path);
    if (content.length === 0) {
      content.push({ text: "(no output)" });
      warn({ code: "adapted", path, message: "Bedrock takes no empty result; it is told that there is no output." });
    }
    const status = part.isError ? "error" : family.status ? "success" : undefined;
    add("user", { toolResult: { toolUseId: id, content, ...(status && { status }) } }, part);
  }

  function resultContent({ output }: ToolResultPart, path: string): Block[] {
    if (typeof output === "string") return output.trim() === "" ? [] : [{ text: output }];
    return output.flatMap((part, index): Block[] => {
      if (part.type === "file") {
        const block = fileBlockOf(part, `${path}.output[${index}]`, nameOf);
        if (block["audio"] === undefined) return [block];
        throw new ModelError(`\`${path}.output[${index}]\` is a sound; Bedrock takes none as the result of a tool.`, {
          code: "unsupported",
        });
      }
      if (part.type === "json")
        return [objectOf(part.value) ? { json: part.value } : { text: JSON.stringify(part.value) }];
      return part.text.trim() === "" ? [] : [{ text: part.text }];
    });
  }

  function addUserPart(part: TextPart | FilePart, path: string): void {
    noteForeign(part, path);
    if (part.type === "file") add("user", fileBlockOf(part, path, nameOf), part);
    else if (part.type === "text") add("user", textBlockOf(part.text, ownData(part)), part);
    else {
      const type = stringOf((part as { type?: Json }).type);
      warn({ code: "dropped", path, message: `Bedrock takes no part of the type ${type}.` });
    }
  }

  function addAssistantPart(part: AssistantPart, path: string, answered: ReadonlySet<string>): void {
    noteForeign(part, path);
    if (part.type === "text" && part.citations?.some(({ source }) => !ownData(source))) {
      const message = "Citations of another provider are not sent to Bedrock.";
      warn({ code: "dropped", path: `${path}.citations`, message });
    }
    const ran = ownData(part)?.["type"] !== undefined;
    // What a layer or another provider ran is told as a call of ours with its result.
    if (part.type === "tool-call" && part.executed && !ran && answered.has(part.id)) {
      const { executed: _, ...call } = part;
      return addAssistantPart(call, path, answered);
    }
    if (part.type === "tool-result" && !ran) return addResult(part, path);
    if (part.type === "tool-call" && part.invalid) {
      warn({ code: "adapted", path, message: "Arguments that are not JSON are sent as a text within an object." });
    }
    const block = blockOf(part, context, thoughts);
    if (!block) return warn(leftOut(part, path, "Bedrock"));
    add("assistant", withLegalId(block, ids), part);
  }

  messages.forEach((message, place) => {
    const path = `messages[${place}]`;
    noteForeign(message, path);
    if (message.role === "system") {
      if (message.content.trim() === "") return;
      system.push(textBlockOf(message.content, ownData(message)), ...markOf(message));
      if (leading) return;
      const why = "Bedrock takes no system message in the middle; it stands with the first ones.";
      return warn({ code: "adapted", path, message: why });
    }
    leading = false;
    const before = turns.reduce((sum, { blocks }) => sum + blocks.length, 0);
    const { role, content } = message;
    if (role === "user") {
      if (typeof content === "string") add("user", { text: content });
      else content.forEach((part, index) => addUserPart(part, `${path}.content[${index}]`));
    } else if (role === "assistant") {
      const parts: readonly AssistantPart[] = typeof content === "string" ? [{ type: "text", text: content }] : content;
      const answered = new Set(parts.flatMap((part) => (part.type === "tool-result" ? part.id : [])));
      parts.forEach((part, index) => addAssistantPart(part, `${path}.content[${index}]`, answered));
    } else {
      content.forEach((part, index) => {
        const at = `${path}.content[${index}]`;
        if (part.type === "tool-result") addResult(part, at);
        else warn(leftOut(part, at, "Bedrock"));
      });
    }
    if (turns.reduce((sum, { blocks }) => sum + blocks.length, 0) === before) {
      return warn({ code: "adapted", path, message: "The message has nothing in it to send, and is left out." });
    }
    turns.at(-1)!.blocks.push(...markOf(message));
  });

  const mended = mendTurns(turns, { tools: context.tools, calledTools, warn });
  return { system, turns: mended, prefilled: mended.at(-1)?.role === "assistant" };
}

const longestId = 64;

function legalId(id: string): string {
  return id.replaceAll(/[^a-zA-Z0-9_.:-]/g, "_").slice(0, longestId) || "_";
}

/** The block of a text; one that a guardrail is to look at says so. */
function textBlockOf(text: string, own: JsonObject | undefined): Block {
  const guard = objectOf(own?.["guardContent"]);
  return guard ? { guardContent: { text: { text, ...guard } } } : { text };
}

/** The mark after a part, message or tool that is to be cached. */
export function cachePointOf(owned: Owned, ofAnthropic: boolean): Block[] {
  const own = objectOf(ownData(owned)?.["cachePoint"]);
  if (own) return [{ cachePoint: { type: "default", ...own } }];
  const mark = ofAnthropic ? objectOf(owned.providerData?.["anthropic"]?.["cacheControl"]) : undefined;
  if (!mark) return [];
  return [{ cachePoint: { type: "default", ...(mark["ttl"] !== undefined && { ttl: mark["ttl"] }) } }];
}

/** Bedrock refuses texts of nothing but blanks. */
function isBlank(block: Block): boolean {
  return typeof block["text"] === "string" && block["text"].trim() === "";
}

function withLegalId(block: Block, ids: (id: string) => string): Block {
  for (const kind of ["toolUse", "toolResult"]) {
    const inner = objectOf(block[kind]);
    if (inner) return { [kind]: { ...inner, toolUseId: ids(stringOf(inner["toolUseId"]) ?? "") } };
  }
  return block;
}
