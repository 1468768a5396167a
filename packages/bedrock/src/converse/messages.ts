import type {
  AssistantPart,
  Citation,
  Json,
  JsonObject,
  Owned,
  ProviderData,
  SourcePart,
  ToolCallPart,
  ToolOutputPart,
} from "@plugboard/core";
import { fromBase64, listOf, objectOf, stringOf, toBase64, without } from "@plugboard/wire";
import { provider } from "../provider.ts";

/** A content block as it is written: one member, named for what it is. */
export type Block = Record<string, Json>;

/** What the mapping of a block depends on: how tools are called on the other side. */
export interface Naming {
  readonly toolName: (name: string) => string;
}

/** Under what name a model is told arguments of its own that are no JSON. */
const brokenInput = "INVALID_JSON";

/** What a part, message or tool carries for Bedrock. */
export function ownData({ providerData }: Owned): JsonObject | undefined {
  return providerData?.[provider];
}

/** Members as data that is handed back; nothing where there are none. */
function ownedBy(members: Record<string, Json>): { readonly providerData?: ProviderData } {
  return Object.keys(members).length > 0 ? { providerData: { [provider]: members } } : {};
}

/** What an assistant's content block says in our words. One that nobody here knows becomes an opaque part of its name. */
export function partOf(block: JsonObject, naming: Naming): AssistantPart {
  const text = stringOf(block["text"]);
  if (text !== undefined) return { type: "text", text };
  const cited = objectOf(block["citationsContent"]);
  if (cited) return citedText(cited);
  const reasoning = objectOf(block["reasoningContent"]);
  if (reasoning) return reasoningOf(reasoning);
  const call = objectOf(block["toolUse"]);
  if (call) return toolCallOf(call, naming);
  const result = objectOf(block["toolResult"]);
  if (result) return toolResultOf(result);
  const [kind = "empty", value] = Object.entries(block)[0] ?? [];
  const media = objectOf(value);
  return (
    (media && fileOf(kind, media)) ?? { type: "opaque", kind, providerData: { [provider]: { value: value ?? null } } }
  );
}

/** Signed thoughts, or ones that nobody here may read. */
function reasoningOf(reasoning: JsonObject): AssistantPart {
  const redacted = stringOf(reasoning["redactedContent"]);
  if (redacted !== undefined) {
    return { type: "opaque", kind: "redactedContent", providerData: { [provider]: { value: redacted } } };
  }
  const said = objectOf(reasoning["reasoningText"]) ?? {};
  const signature = stringOf(said["signature"]);
  return { type: "reasoning", text: stringOf(said["text"]) ?? "", ...(signature && ownedBy({ signature })) };
}

export function toolCallOf(call: JsonObject, { toolName }: Naming): ToolCallPart {
  const id = stringOf(call["toolUseId"]) ?? "";
  const name = stringOf(call["name"]) ?? "";
  const type = stringOf(call["type"]);
  const input = call["input"] ?? {};
  const isOurs = type === undefined || type === "tool_use";
  const part = { type: "tool-call" as const, id, input: input === "" ? {} : input };
  return isOurs ? { ...part, name: toolName(name) } : { ...part, name, executed: true, ...ownedBy({ type }) };
}

/** A result of what Bedrock ran. It tells its call's id alone: `named` gives it the name. */
function toolResultOf(result: JsonObject): AssistantPart {
  const content = listOf(result["content"]);
  const [first] = content;
  const only = content.length === 1 ? stringOf(objectOf(first)?.["text"]) : undefined;
  return {
    type: "tool-result",
    id: stringOf(result["toolUseId"]) ?? "",
    name: "",
    output: only ?? content.map(outputPartOf),
    ...(result["status"] === "error" && { isError: true }),
    executed: true,
    ...ownedBy(without(result, "toolUseId", "content")),
  };
}

function outputPartOf(value: Json): ToolOutputPart {
  const block = objectOf(value) ?? {};
  const text = stringOf(block["text"]);
  if (text !== undefined) return { type: "text", text };
  return { type: "json", value: block["json"] ?? value };
}

/** A result's tool is that of the call before it, if there is one. */
export function named(part: AssistantPart, before: readonly AssistantPart[]): AssistantPart {
  if (part.type !== "tool-result" || part.name !== "") return part;
  const call = before.findLast((earlier) => earlier.type === "tool-call" && earlier.id === part.id);
  return { ...part, name: call?.type === "tool-call" ? call.name : "unknown" };
}

const mediaTypes: Readonly<Record<string, string>> = { image: "image", audio: "audio", video: "video" };

function fileOf(kind: string, media: JsonObject): AssistantPart | undefined {
  const bytes = stringOf(objectOf(media["source"])?.["bytes"]);
  const type = mediaTypes[kind];
  if (type === undefined || bytes === undefined) return undefined;
  return { type: "file", mediaType: `${type}/${stringOf(media["format"]) ?? "*"}`, data: fromBase64(bytes) };
}

function citedText(cited: JsonObject): AssistantPart {
  const text = listOf(cited["content"]).map((piece) => stringOf(objectOf(piece)?.["text"]) ?? "");
  const citations = listOf(cited["citations"]).flatMap(citationOf);
  return { type: "text", text: text.join(""), ...(citations.length > 0 && { citations }) };
}

/** A citation; the whole of it is kept for Bedrock, which wants it back. */
export function citationOf(value: Json): readonly Citation[] {
  const wire = objectOf(value);
  if (!wire) return [];
  const title = stringOf(wire["title"]);
  const url = stringOf(objectOf(objectOf(wire["location"])?.["web"])?.["url"]);
  const quote = listOf(wire["sourceContent"]).map((piece) => stringOf(objectOf(piece)?.["text"]) ?? "");
  const source: SourcePart = {
    type: "source",
    ...(url !== undefined && { url }),
    ...(title !== undefined && { title }),
    providerData: { [provider]: wire },
  };
  return [{ source, ...(quote.length > 0 && { quote: quote.join("") }) }];
}

/** Whose thoughts a model takes back. */
export interface Thoughts {
  /** It takes signed thoughts of Claude's: those that Anthropic gave too. */
  readonly signed: boolean;
}

/**
 * The content block of an assistant's part, where Bedrock can be told of it: `undefined` for a file, a source, thoughts without a
 * signature, and what another provider ran or owns.
 */
export function blockOf(part: AssistantPart, { toolName }: Naming, { signed }: Thoughts): Block | undefined {
  const own = ownData(part);
  switch (part.type) {
    case "text": {
      const citations = (part.citations ?? []).map(({ source }) => ownData(source)).filter((own) => own !== undefined);
      if (citations.length === 0) return { text: part.text };
      return { citationsContent: { content: [{ text: part.text }], citations } };
    }
    case "reasoning": {
      const signature = own?.["signature"] ?? part.providerData?.["anthropic"]?.["signature"];
      if (!signed || signature === undefined) return undefined;
      return { reasoningContent: { reasoningText: { text: part.text, signature } } };
    }
    case "tool-call": {
      const call = {
        toolUseId: part.id,
        name: part.executed ? part.name : toolName(part.name),
        input: inputObject(part),
      };
      if (!part.executed) return { toolUse: call };
      return own?.["type"] === undefined ? undefined : { toolUse: { ...call, type: own["type"] } };
    }
    case "tool-result": {
      if (own?.["type"] === undefined) return undefined;
      const content = typeof part.output === "string" ? [{ text: part.output }] : part.output.map(resultBlockOf);
      return { toolResult: { toolUseId: part.id, content, ...without(own, "cachePoint") } };
    }
    case "opaque":
      return opaqueBlockOf(part.kind, own, part.providerData["anthropic"], signed);
    case "file":
    case "source":
      return undefined;
    default:
      return undefined; // a type of part that is younger than this adapter
  }
}

function resultBlockOf(part: ToolOutputPart): Json {
  if (part.type === "text") return { text: part.text };
  return { json: part.type === "json" ? part.value : null };
}

function opaqueBlockOf(
  kind: string,
  own: JsonObject | undefined,
  anthropics: JsonObject | undefined,
  signed: boolean,
): Block | undefined {
  const data = stringOf(anthropics?.["data"]);
  const value =
    kind === "redacted_thinking" && data !== undefined ? toBase64(new TextEncoder().encode(data)) : own?.["value"];
  if (value === undefined) return undefined;
  if (kind !== "redactedContent" && kind !== "redacted_thinking") return { [kind]: value };
  return signed ? { reasoningContent: { redactedContent: value } } : undefined;
}

/** Models take an object alone. */
function inputObject({ input, invalid }: ToolCallPart): JsonObject {
  if (invalid) return { [brokenInput]: input };
  return objectOf(input) ?? { value: input };
}
