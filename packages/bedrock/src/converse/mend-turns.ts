import type { Json, Warning } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import type { WireTurn } from "@plugboard/wire";
import { listOf, objectOf, repairToolTurns, stringOf } from "@plugboard/wire";
import { isDocument } from "./file-block.ts";
import type { Block } from "./messages.ts";

/** What turns are mended by. */
interface Mending {
  /** Whether tools go with the request: Bedrock refuses their calls and results where none do. */
  readonly tools: boolean;
  /** The names of tools by the ids of their calls, on the wire. */
  readonly calledTools: ReadonlyMap<string, string>;
  readonly warn: (warning: Warning) => void;
}

/**
 * Turns as Bedrock takes them: every call has its result right after it, the user speaks first, documents stand beside a text, and no mark
 * to cache is without what it marks. Turns that are so already stay as they are.
 *
 * @throws {ModelError} `invalid-request` when there are none
 */
export function mendTurns(turns: readonly WireTurn<Block>[], { tools, calledTools, warn }: Mending): WireTurn<Block>[] {
  const repaired = repairToolTurns(turns, {
    callOf: (block) => clientCallOf(block)?.id,
    resultOf: (block) => resultIdOf(block),
    missing(id) {
      const message = `The call ${id} has no result; Bedrock is told that it failed.`;
      warn({ code: "adapted", path: "messages", message });
      return { toolResult: { toolUseId: id, content: [{ text: "The tool gave no result." }], status: "error" } };
    },
    orphan(block, id) {
      const message = `The result ${id} answers no call before it; it is sent as text.`;
      warn({ code: "adapted", path: "messages", message });
      return resultAsText(block, calledTools.get(id) ?? "a tool");
    },
  });
  const told = tools ? repaired : toolsAsText(repaired, warn);
  return withEnds(withoutLooseMarks(told), warn);
}

function clientCallOf(block: Block): { readonly id: string; readonly name: string; readonly input: Json } | undefined {
  const call = objectOf(block["toolUse"]);
  if (!call || call["type"] !== undefined) return undefined;
  return {
    id: stringOf(call["toolUseId"]) ?? "",
    name: stringOf(call["name"]) ?? "",
    input: call["input"] ?? {},
  };
}

function resultIdOf(block: Block): string | undefined {
  const result = objectOf(block["toolResult"]);
  return result && result["type"] === undefined ? stringOf(result["toolUseId"]) : undefined;
}

function resultAsText(block: Block, tool: string): Block[] {
  const title = `Result of ${tool}:`;
  const content = listOf(objectOf(block["toolResult"])?.["content"]).map((item) => objectOf(item) ?? {});
  return [
    { text: title },
    ...content.map((item): Block =>
      item["json"] === undefined ? (item as Block) : { text: JSON.stringify(item["json"]) },
    ),
  ];
}

/** Without tools in the request, their calls and results can be told as words alone. */
function toolsAsText(turns: readonly WireTurn<Block>[], warn: (warning: Warning) => void): WireTurn<Block>[] {
  const names = new Map<string, string>();
  let told = false;
  const worded = turns.map(({ role, blocks }) => ({
    role,
    blocks: blocks.flatMap((block): Block[] => {
      const call = clientCallOf(block);
      const result = resultIdOf(block);
      if (!call && result === undefined) return [block];
      told = true;
      if (call) {
        names.set(call.id, call.name);
        return [{ text: `Call of the tool ${call.name}: ${JSON.stringify(call.input)}` }];
      }
      return resultAsText(block, names.get(result ?? "") ?? "a tool");
    }),
  }));
  if (told) {
    const message = "Bedrock takes calls and results of tools only along with tools; here they are told in words.";
    warn({ code: "adapted", path: "messages", message });
  }
  return worded;
}

/** The first turn is the user's; documents stand beside a text; words to go on from have no blanks at their end. */
function withEnds(turns: readonly WireTurn<Block>[], warn: (warning: Warning) => void): WireTurn<Block>[] {
  const ended = turns.map(({ role, blocks }) => ({ role, blocks: [...blocks] }));
  for (const { role, blocks } of ended) {
    if (role !== "user" || !blocks.some(isDocument)) continue;
    if (blocks.some((block) => block["text"] !== undefined || block["guardContent"] !== undefined)) continue;
    blocks.push({ text: "See the document." });
    warn({ code: "adapted", path: "messages", message: "Bedrock wants a text beside a document; one is added." });
  }
  const last = ended.at(-1);
  if (last?.role === "assistant") {
    const place = last.blocks.findLastIndex((block) => block["cachePoint"] === undefined);
    const text = last.blocks[place]?.["text"];
    if (typeof text === "string") last.blocks[place] = { text: text.trimEnd() };
  }
  if (ended.length === 0) {
    throw new ModelError("`messages` must have at least one message with something in it, besides system messages.", {
      code: "invalid-request",
    });
  }
  if (ended[0]?.role === "assistant") {
    warn({
      code: "adapted",
      path: "messages",
      message: "Bedrock wants the user to speak first; a short text is added.",
    });
    ended.unshift({ role: "user", blocks: [{ text: "Begin." }] });
  }
  return ended;
}

/** A mark says that what stands before it is to be cached; one that stands first, or after another, says nothing. */
function withoutLooseMarks(turns: readonly WireTurn<Block>[]): WireTurn<Block>[] {
  const kept: WireTurn<Block>[] = [];
  for (const { role, blocks } of turns) {
    const held = blocks.filter((block, place) => !isMark(block) || (place > 0 && !isMark(blocks[place - 1]!)));
    if (held.length === 0) continue;
    const before = kept.at(-1);
    if (before?.role === role) before.blocks.push(...held);
    else kept.push({ role, blocks: held });
  }
  return kept;
}

function isMark(block: Block): boolean {
  return block["cachePoint"] !== undefined;
}
