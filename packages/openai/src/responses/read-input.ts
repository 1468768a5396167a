import type {
  AssistantPart,
  FilePart,
  Json,
  JsonObject,
  Message,
  OpaquePart,
  ProviderData,
  TextPart,
  ToolMessage,
  ToolResultPart,
} from "@plugboard/core";
import { itemsAt, objectAt, refusedField, textAt } from "@plugboard/wire";
import { isList } from "../shared/fields.ts";
import { readURL, textOfContent } from "../shared/read-content.ts";
import { callPart, citationsOf, isRun, runParts, textOf, thoughtsOf } from "./items.ts";
import type { ItemShelf } from "./item-shelf.ts";
import type { Naming } from "./items.ts";

const naming: Naming = { provider: "openai" };

/**
 * A conversation that a client sent, in our words. Items that we have no words for are kept as they are, for OpenAI to have back.
 *
 * @param kept - the items that may be referred to
 * @throws {ModelError} `invalid-request` that names the field
 */
export function readInput(input: Json | undefined, kept?: Pick<ItemShelf, "find">): Message[] {
  if (typeof input === "string") return [{ role: "user", content: input }];
  const list = itemsAt(input, "input");
  if (list.length === 0) throw refusedField("input", "text, or a list with at least one item", input);
  const messages: Message[] = [];
  const toolNames = new Map<string, string>();
  list.forEach((value, place) => {
    const path = `input[${place}]`;
    const item = itemAt(value, path, kept);
    switch (item["type"] ?? "message") {
      case "message":
        return readMessage(item, path, messages);
      case "function_call":
      case "custom_tool_call": {
        const raw = textAt(item[item["type"] === "function_call" ? "arguments" : "input"], `${path}.arguments`);
        textAt(item["name"], `${path}.name`);
        const { id: _, ...said } = item;
        const call = callPart(said, textAt(item["call_id"], `${path}.call_id`), raw, naming);
        toolNames.set(call.id, call.name);
        return addToTurn(call, messages);
      }
      case "function_call_output":
      case "custom_tool_call_output":
        return addResult(readResult(item, path, toolNames), messages);
      case "reasoning":
        return addToTurn({ type: "reasoning", text: thoughtsOf(item), ...own({ item }) }, messages);
      default:
        return readOther(item, path, messages);
    }
  });
  return messages;
}

/** An item, or the one that it refers to. */
function itemAt(value: Json, path: string, kept: Pick<ItemShelf, "find"> | undefined): JsonObject {
  const item = objectAt(value, path);
  // An id alone is a reference, too.
  const refers = item["type"] === "item_reference" || (Object.keys(item).length === 1 && "id" in item);
  if (!refers) return item;
  const found = kept?.find(textAt(item["id"], `${path}.id`));
  if (found !== undefined) return objectAt(found, path);
  const why = kept ? "it is not kept here, or not any more" : "nothing is kept here that could be referred to";
  throw refusedField(path, `an item and no reference (${why}; with \`store: false\`, clients send items whole)`, item);
}

function own(data: JsonObject): { readonly providerData: ProviderData } {
  return { providerData: { openai: data } };
}

/** What a model said in a row is one turn. */
function addToTurn(part: AssistantPart, messages: Message[]): void {
  const last = messages.at(-1);
  if (last?.role === "assistant" && typeof last.content !== "string")
    messages[messages.length - 1] = { role: "assistant", content: [...last.content, part] };
  else messages.push({ role: "assistant", content: [part] });
}

function addResult(part: ToolMessage["content"][number], messages: Message[]): void {
  const last = messages.at(-1);
  if (last?.role === "tool") messages[messages.length - 1] = { role: "tool", content: [...last.content, part] };
  else messages.push({ role: "tool", content: [part] });
}

function readMessage(item: JsonObject, path: string, messages: Message[]): void {
  const { role, content } = item;
  switch (role) {
    case "system":
    case "developer":
      messages.push({ role: "system", content: textOfContent(content, `${path}.content`) });
      return;
    case "user":
      messages.push({
        role,
        content: isList(content) ? readPieces(content, `${path}.content`) : textAt(content, `${path}.content`),
      });
      return;
    case "assistant":
      for (const part of readAnswer(item, path)) addToTurn(part, messages);
      return;
    default:
      throw refusedField(`${path}.role`, "system, developer, user or assistant", role);
  }
}

/** Its id is left out: it may be one that was made up here. */
function readAnswer({ content, phase }: JsonObject, path: string): TextPart[] {
  const data: JsonObject = phase === undefined || phase === null ? {} : { item: { type: "message", phase } };
  const phased = someOf(data);
  if (!isList(content)) return [{ type: "text", text: textAt(content, `${path}.content`), ...phased }];
  return content.map((value, place) => {
    const at = `${path}.content[${place}]`;
    const piece = objectAt(value, at);
    if (piece["type"] === "refusal") {
      return { type: "text", text: textAt(piece["refusal"], `${at}.refusal`), ...own({ ...data, refusal: true }) };
    }
    const citations = citationsOf(piece["annotations"], "openai");
    const text = textAt(piece["text"], `${at}.text`);
    return { type: "text", text, ...(citations.length > 0 && { citations }), ...phased };
  });
}

function readPieces(pieces: readonly Json[], path: string): (TextPart | FilePart)[] {
  return pieces.map((piece, place) => readPiece(objectAt(piece, `${path}[${place}]`), `${path}[${place}]`));
}

function readPiece({ type, ...piece }: JsonObject, path: string): TextPart | FilePart {
  switch (type) {
    case "input_text": {
      const { text, ...data } = piece;
      return { type: "text", text: textAt(text, `${path}.text`), ...someOf(data) };
    }
    case "input_image": {
      const { image_url: url, ...data } = piece;
      if (typeof data["file_id"] === "string") return { ...uploaded("image/*"), ...someOf(data) };
      return { ...readURL(textAt(url, `${path}.image_url`), `${path}.image_url`, "image/*"), ...someOf(data) };
    }
    case "input_file": {
      const { file_url: url, file_data: bytes, filename, ...data } = piece;
      const named = typeof filename === "string" && filename !== "" && { filename };
      if (typeof data["file_id"] === "string")
        return { ...uploaded("application/octet-stream"), ...named, ...someOf(data) };
      const field = typeof url === "string" ? "file_url" : "file_data";
      const file = readURL(textAt(url ?? bytes, `${path}.${field}`), `${path}.${field}`, "application/pdf");
      return { ...file, ...named, ...someOf(data) };
    }
    default:
      throw refusedField(`${path}.type`, "input_text, input_image or input_file", type);
  }
}

function uploaded(mediaType: string): FilePart {
  return { type: "file", mediaType, data: new Uint8Array() };
}

/** What else a piece says; null is nothing. */
function someOf(data: JsonObject): { readonly providerData?: ProviderData } {
  const said = Object.entries(data).filter(([, value]) => value !== undefined && value !== null);
  return said.length > 0 ? own(Object.fromEntries(said)) : {};
}

function readResult(item: JsonObject, path: string, toolNames: ReadonlyMap<string, string>): ToolResultPart {
  const id = textAt(item["call_id"], `${path}.call_id`);
  const output = isList(item["output"])
    ? readPieces(item["output"], `${path}.output`)
    : textAt(item["output"], `${path}.output`);
  const custom = item["type"] === "custom_tool_call_output" ? own({ type: "custom" }) : {};
  return { type: "tool-result", id, name: toolNames.get(id) ?? "", output, ...custom };
}

/** Tools that OpenAI ran, what a client did for OpenAI's tools, and whatever else there is. */
function readOther(item: JsonObject, path: string, messages: Message[]): void {
  const kind = textAt(item["type"], `${path}.type`);
  if (isRun(kind)) {
    for (const part of runParts(item, textOf(item["id"]) || path, naming)) addToTurn(part, messages);
    return;
  }
  const part: OpaquePart = { type: "opaque", kind, providerData: { openai: { item } } };
  const byClient = kind === "mcp_approval_response" || (kind.endsWith("_output") && item["execution"] !== "server");
  if (byClient) addResult(part, messages);
  else addToTurn(part, messages);
}
