import type { AssistantPart, Citation, Json, JsonObject, ProviderData, TextPart, ToolCallPart } from "@plugboard/core";
import { listOf, objectOf, stringOf, without } from "@plugboard/wire";
import { converse, converseData, converseRedacted } from "./converse-data.ts";

/** Whose `providerData` this protocol reads and writes, on whatever platform it is spoken. */
export const owner = "anthropic";

/** A content block as it is written: a type and its members. */
export type Block = Record<string, Json>;

/** What the mapping of a block depends on: how tools are called on the other side. */
export interface Naming {
  readonly toolName: (name: string) => string;
}

/** Under what name Anthropic's documentation tells to send arguments back that are no JSON. */
const brokenInput = "INVALID_JSON";

/** What a part or a message carries for this protocol, or for Claude by Converse. `cacheControl` may be written so. */
export function ownData(data: ProviderData | undefined): Record<string, Json> | undefined {
  const own = data?.[owner] ?? converseData(data?.[converse]);
  if (!own) return undefined;
  const { cacheControl, ...rest } = own;
  return without(cacheControl === undefined ? rest : { ...rest, cache_control: cacheControl });
}

/** Members of a block as data that is handed back; nothing where there are none. */
export function ownedBy(members: Record<string, Json>): { readonly providerData?: ProviderData } {
  const { cache_control: cacheControl, ...rest } = members;
  const data = cacheControl === undefined ? rest : { ...rest, cacheControl };
  return Object.keys(data).length > 0 ? { providerData: { [owner]: data } } : {};
}

/** What an assistant's content block says in our words: of an answer, or of a conversation that a client sends. */
export function partOf(block: JsonObject, { toolName }: Naming): AssistantPart {
  const type = stringOf(block["type"]) ?? "";
  switch (type) {
    case "text": {
      const citations = listOf(block["citations"]).flatMap(citationOf);
      return {
        type: "text",
        text: stringOf(block["text"]) ?? "",
        ...(citations.length > 0 && { citations }),
        ...ownedBy(without(block, "type", "text", "citations")),
      };
    }
    case "thinking": {
      const rest = without(block, "type", "thinking");
      if (rest["signature"] === "") delete rest["signature"]; // what `content_block_start` says before the signature comes
      return { type: "reasoning", text: stringOf(block["thinking"]) ?? "", ...ownedBy(rest) };
    }
    case "tool_use":
      return toolCallOf(block, toolName(stringOf(block["name"]) ?? ""), without(block, "type", "id", "name", "input"));
    case "server_tool_use":
    case "mcp_tool_use":
      return {
        ...toolCallOf(block, stringOf(block["name"]) ?? "", without(block, "id", "name", "input")),
        executed: true,
      };
    default:
  }
  const id = stringOf(block["tool_use_id"]);
  if (id !== undefined && type.endsWith("_tool_result")) {
    const content = block["content"] ?? null;
    const isError = block["is_error"] === true || (stringOf(objectOf(content)?.["type"])?.includes("error") ?? false);
    return {
      type: "tool-result",
      id,
      name: type.replace(/_tool_result$/, ""),
      output: typeof content === "string" ? content : [{ type: "json", value: content }],
      ...(isError && { isError }),
      executed: true,
      ...ownedBy(without(block, "tool_use_id", "content")),
    };
  }
  return { type: "opaque", kind: type, providerData: { [owner]: without(block, "type") } };
}

/** A result tells its call's id alone: its tool is that of the call before it, if there is one. */
export function named(part: AssistantPart, before: readonly AssistantPart[]): AssistantPart {
  if (part.type !== "tool-result") return part;
  const call = before.find((earlier) => earlier.type === "tool-call" && earlier.id === part.id);
  return call?.type === "tool-call" ? { ...part, name: call.name } : part;
}

/**
 * The content block of an assistant's part, where Anthropic can be told of it: `undefined` for a file, a source, thoughts without a
 * signature, and what another provider ran or owns.
 */
export function blockOf(part: AssistantPart, { toolName }: Naming): Block | undefined {
  const own = ownData(part.providerData);
  switch (part.type) {
    case "text": {
      const citations = (part.citations ?? []).flatMap(wireCitationOf);
      return { type: "text", text: part.text, ...(citations.length > 0 && { citations }), ...own };
    }
    case "reasoning":
      return own?.["signature"] === undefined
        ? undefined
        : { type: "thinking", thinking: part.text, signature: "", ...own };
    case "tool-call":
      if (!part.executed) {
        return { type: "tool_use", id: part.id, name: toolName(part.name), input: inputObject(part), ...own };
      }
      return own?.["type"] === undefined
        ? undefined
        : { type: "server_tool_use", id: part.id, name: part.name, input: part.input, ...own };
    case "tool-result": {
      if (own?.["type"] === undefined) return undefined;
      const [first] = typeof part.output === "string" ? [] : part.output;
      const content = typeof part.output === "string" ? part.output : first?.type === "json" ? first.value : null;
      return { type: "tool_result", tool_use_id: part.id, content, ...own };
    }
    case "opaque":
      if (part.kind === converseRedacted) return own && { ...own, type: "redacted_thinking" };
      // A block without a type cannot go back.
      return part.kind === "" || !part.providerData[owner] ? undefined : { ...own, type: part.kind };
    case "file":
    case "source":
      return undefined;
    default:
      return undefined; // a type of part that is younger than this adapter
  }
}

function toolCallOf(block: JsonObject, name: string, rest: Record<string, Json>): ToolCallPart {
  // `caller: direct` is what leaving it out means.
  if (objectOf(rest["caller"])?.["type"] === "direct") delete rest["caller"];
  const call = { type: "tool-call" as const, id: stringOf(block["id"]) ?? "", name };
  const input = block["input"] ?? {};
  const broken = stringOf(objectOf(input)?.[brokenInput]);
  if (broken !== undefined) return { ...call, input: broken, raw: broken, invalid: true, ...ownedBy(rest) };
  return { ...call, input, ...ownedBy(rest) };
}

/** Anthropic takes an object alone. */
function inputObject({ input, invalid }: ToolCallPart): JsonObject {
  if (invalid) return { [brokenInput]: input };
  return objectOf(input) ?? { value: input };
}

function citationOf(value: Json): readonly Citation[] {
  const wire = objectOf(value);
  if (!wire) return [];
  const url = stringOf(wire["url"]) ?? stringOf(wire["source"]);
  const title = stringOf(wire["title"]) ?? stringOf(wire["document_title"]);
  const quote = stringOf(wire["cited_text"]);
  return [
    {
      source: {
        type: "source",
        ...(url !== undefined && { url }),
        ...(title !== undefined && { title }),
        providerData: { [owner]: without(wire) },
      },
      ...(quote !== undefined && { quote }),
    },
  ];
}

function wireCitationOf({ source }: Citation): readonly Block[] {
  const own = source.providerData?.[owner];
  // `file_id` is told, and not taken back.
  return own ? [without(own, "file_id")] : [];
}

/** Whether a text's citations are all ones that Anthropic gave. */
export function ownsCitations({ citations = [] }: TextPart): boolean {
  return citations.every(({ source }) => source.providerData?.[owner] !== undefined);
}
