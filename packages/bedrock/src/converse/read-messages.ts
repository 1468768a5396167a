import type {
  AssistantPart,
  FilePart,
  Json,
  JsonObject,
  Message,
  Owned,
  TextPart,
  ToolOutputPart,
  ToolResultPart,
} from "@plugboard/core";
import { listAt, nameAt, objectAt, objectOf, refusedField, textAt } from "@plugboard/wire";
import { provider } from "../provider.ts";
import { readFileBlock } from "./file-block.ts";
import { named, partOf } from "./messages.ts";

const naming = { toolName: (name: string): string => name };

/** The system's blocks as messages, one each; a mark to cache belongs to the one before it. */
export function readSystem(value: Json | undefined): Message[] {
  const messages: Extract<Message, { role: "system" }>[] = [];
  listAt(value, "system").forEach((item, place) => {
    const path = `system[${place}]`;
    const block = objectAt(item, path);
    if (block["cachePoint"] !== undefined) return markLast(messages, block);
    const { text, ...own } = readTextBlock(block, path) ?? refuse(path, "a text, guardContent or cachePoint", block);
    messages.push({ role: "system", content: text, ...ownedBy(own.providerData) });
  });
  return messages;
}

/**
 * Bedrock's messages as ours. The results in a user's turn are a message of their own before the rest of it.
 *
 * @throws {ModelError} `invalid-request` that names the field
 */
export function readMessages(value: Json | undefined): Message[] {
  const names = new Map<string, string>();
  return listAt(value, "messages").flatMap((item, place): Message[] => {
    const path = `messages[${place}]`;
    const { role, content } = objectAt(item, path);
    const blocks = listAt(content, `${path}.content`).map((block, index) =>
      objectAt(block, `${path}.content[${index}]`),
    );
    if (role === "assistant") {
      const parts = readAnswer(blocks, path);
      for (const part of parts) if (part.type === "tool-call") names.set(part.id, part.name);
      return [{ role, content: parts }];
    }
    if (role !== "user") throw refusedField(`${path}.role`, "user or assistant", role);
    return readUser(blocks, path, names);
  });
}

function readUser(blocks: readonly JsonObject[], path: string, names: ReadonlyMap<string, string>): Message[] {
  const results: ToolResultPart[] = [];
  const said: (TextPart | FilePart)[] = [];
  blocks.forEach((block, place) => {
    const at = `${path}.content[${place}]`;
    if (block["cachePoint"] !== undefined) return markLast(said.length > 0 ? said : results, block);
    if (block["toolResult"] !== undefined) results.push(readResult(block["toolResult"], `${at}.toolResult`, names));
    else {
      const part = readTextBlock(block, at) ?? readFileBlock(block, at);
      said.push(part ?? refuse(at, "a text, a file, guardContent, cachePoint or toolResult", block));
    }
  });
  return [
    ...(results.length > 0 ? [{ role: "tool", content: results } as const] : []),
    ...(said.length > 0 || results.length === 0 ? [{ role: "user", content: said } as const] : []),
  ];
}

function readAnswer(blocks: readonly JsonObject[], path: string): AssistantPart[] {
  const parts: AssistantPart[] = [];
  blocks.forEach((block, place) => {
    if (block["cachePoint"] !== undefined) return markLast(parts, block);
    const call = objectOf(block["toolUse"]);
    if (call) nameAt(call["name"], `${path}.content[${place}].toolUse.name`);
    parts.push(named(readPart(block, `${path}.content[${place}]`), parts));
  });
  return parts;
}

function readPart(block: JsonObject, path: string): AssistantPart {
  try {
    return partOf(block, naming);
  } catch {
    throw refusedField(path, "a block whose bytes are base64", Object.keys(block));
  }
}

/** A text, or one that a guardrail is to look at. */
function readTextBlock(block: JsonObject, path: string): TextPart | undefined {
  if (block["text"] !== undefined) return { type: "text", text: textAt(block["text"], `${path}.text`) };
  if (block["guardContent"] === undefined) return undefined;
  const guarded = objectAt(block["guardContent"], `${path}.guardContent`);
  const { text, ...guardContent } = objectAt(guarded["text"], `${path}.guardContent.text`);
  const told = textAt(text, `${path}.guardContent.text.text`);
  return { type: "text", text: told, providerData: { [provider]: { guardContent } } };
}

function readResult(value: Json, path: string, names: ReadonlyMap<string, string>): ToolResultPart {
  const { toolUseId, content, status } = objectAt(value, path);
  const id = nameAt(toolUseId, `${path}.toolUseId`);
  const output = listAt(content, `${path}.content`).map((block, place) =>
    readOutput(block, `${path}.content[${place}]`),
  );
  const [only] = output;
  return {
    type: "tool-result",
    id,
    name: names.get(id) ?? "tool",
    output: output.length === 1 && only?.type === "text" ? only.text : output,
    ...(status === "error" && { isError: true }),
  };
}

function readOutput(value: Json, path: string): ToolOutputPart {
  const block = objectAt(value, path);
  if (block["json"] !== undefined) return { type: "json", value: block["json"] };
  return readTextBlock(block, path) ?? readFileBlock(block, path) ?? { type: "json", value: block };
}

/** Puts the mark to cache on what stands before it; one that stands first marks nothing. */
function markLast(marked: Owned[], { cachePoint }: JsonObject): void {
  const last = marked.at(-1);
  if (!last) return;
  const { type: _, ...mark } = objectOf(cachePoint) ?? {};
  const own = last.providerData?.[provider];
  marked[marked.length - 1] = {
    ...last,
    providerData: { ...last.providerData, [provider]: { ...own, cachePoint: mark } },
  };
}

function ownedBy(providerData: Owned["providerData"]): Owned {
  return providerData ? { providerData } : {};
}

function refuse(path: string, wanted: string, got: Json): never {
  throw refusedField(path, wanted, got);
}
