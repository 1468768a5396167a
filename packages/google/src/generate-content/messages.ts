import type { AssistantPart, Json, JsonObject, ProviderData, ToolCallPart } from "@plugboard/core";
import { fromBase64, objectOf, stringOf, toBase64, without } from "@plugboard/wire";

/** Whose `providerData` this protocol reads and writes, on whatever platform it is spoken. */
export const owner = "google";

/** A part of a content as it is written. */
export type WirePart = Record<string, Json>;

/** What the mapping of a part depends on. */
export interface PartContext {
  /** How a tool is called on the other side. */
  readonly toolName: (name: string) => string;
  /** An id for a call that has none. */
  readonly newId: () => string;
  /** The parts before it: a result without an id is that of the last call of its tool. */
  readonly before: readonly AssistantPart[];
}

/** What a part carries for this protocol. */
export function ownData(data: ProviderData | undefined): Record<string, Json> | undefined {
  const own = data?.[owner];
  return own && without(own);
}

/** Members of a part as data that is handed back; nothing where there are none. */
export function ownedBy(members: Record<string, Json>): { readonly providerData?: ProviderData } {
  return Object.keys(members).length > 0 ? { providerData: { [owner]: members } } : {};
}

/** What a part that is no text says in our words. What Google ran itself, and what we have no word for, is kept as it is. */
export function partOf(part: JsonObject, context: PartContext): AssistantPart {
  const call = objectOf(part["functionCall"]);
  if (call && stringOf(call["name"]) !== undefined) {
    const id = stringOf(call["id"]);
    return {
      type: "tool-call",
      id: id || context.newId(),
      name: context.toolName(stringOf(call["name"])!),
      input: objectOf(call["args"]) ?? {},
      ...ownedBy({ ...(id && { id }), ...without(part, "functionCall") }),
    };
  }
  return filePartOf(part) ?? executedPartOf(part, context) ?? opaquePartOf(part);
}

/** What Google ran: code of its own writing, or a tool of Google's. */
function executedPartOf(part: JsonObject, { newId, before }: PartContext): AssistantPart | undefined {
  const kept = { executed: true, ...ownedBy({ part: without(part) }) } as const;
  const code = objectOf(part["executableCode"]);
  if (code) {
    return {
      type: "tool-call",
      id: stringOf(code["id"]) || newId(),
      name: codeTool,
      input: without(code, "id"),
      ...kept,
    };
  }
  const outcome = objectOf(part["codeExecutionResult"]);
  if (outcome) {
    const output = stringOf(outcome["output"]) ?? "";
    return {
      type: "tool-result",
      id: stringOf(outcome["id"]) || lastCall(codeTool, before) || newId(),
      name: codeTool,
      output,
      ...(outcome["outcome"] !== "OUTCOME_OK" && { isError: true }),
      ...kept,
    };
  }
  const asked = objectOf(part["toolCall"]);
  if (asked) {
    const input = objectOf(asked["args"]) ?? {};
    return { type: "tool-call", id: stringOf(asked["id"]) || newId(), name: serverToolOf(asked), input, ...kept };
  }
  const told = objectOf(part["toolResponse"]);
  if (told) {
    const name = serverToolOf(told);
    const value = told["response"] ?? null;
    const id = stringOf(told["id"]) || lastCall(name, before) || newId();
    return { type: "tool-result", id, name, output: [{ type: "json", value }], ...kept };
  }
  return undefined;
}

/** The name that calls and results of code that Google runs go by. */
const codeTool = "code_execution";

/** `GOOGLE_SEARCH_WEB` is the tool `google_search_web`. */
function serverToolOf({ toolType }: JsonObject): string {
  return (stringOf(toolType) ?? "a_tool_of_google").toLowerCase();
}

function lastCall(name: string, before: readonly AssistantPart[]): string | undefined {
  const call = before.findLast((part) => part.type === "tool-call" && part.executed === true && part.name === name);
  return call?.type === "tool-call" ? call.id : undefined;
}

/** A file that is part of the answer. One that was made on the way, while thinking, is none. */
function filePartOf(part: JsonObject): AssistantPart | undefined {
  if (part["thought"] === true) return undefined;
  const inline = objectOf(part["inlineData"]);
  const data = stringOf(inline?.["data"]);
  if (inline && data !== undefined) {
    const mediaType = stringOf(inline["mimeType"]) ?? "application/octet-stream";
    return { type: "file", mediaType, data: fromBase64(data), ...ownedBy(without(part, "inlineData")) };
  }
  const held = objectOf(part["fileData"]);
  const url = held && URL.parse(stringOf(held["fileUri"]) ?? "");
  if (!url) return undefined;
  const mediaType = stringOf(held["mimeType"]) ?? "*/*";
  return { type: "file", mediaType, data: url, ...ownedBy(without(part, "fileData")) };
}

const additions: ReadonlySet<string> = new Set(["thought", "thoughtSignature", "partMetadata"]);

function opaquePartOf(part: JsonObject): AssistantPart {
  const kind = Object.keys(part).find((name) => !additions.has(name)) ?? "part";
  return { type: "opaque", kind, providerData: { [owner]: without(part) } };
}

/**
 * The part of an assistant's part, where Google can be told of it: `undefined` for a source, and for thoughts, results and opaque
 * parts that are not Google's.
 *
 * @param wireName - how Google calls a tool
 */
export function wirePartOf(part: AssistantPart, wireName: (name: string) => string): WirePart | undefined {
  const own = ownData(part.providerData);
  switch (part.type) {
    case "text":
      return { text: part.text, ...own };
    case "reasoning":
      return own && { text: part.text, ...own };
    case "tool-call": {
      if (part.executed) return objectOf(own?.["part"]) && without(objectOf(own?.["part"])!);
      const { id, ...rest } = own ?? {};
      const call = { ...(id !== undefined && { id }), name: wireName(part.name), args: argumentsOf(part) };
      return { functionCall: call, ...rest };
    }
    case "tool-result":
      return objectOf(own?.["part"]) && without(objectOf(own?.["part"])!);
    case "file": {
      const { mediaType, data } = part;
      const file = data instanceof URL ? { fileData: held(mediaType, data) } : { inlineData: inline(mediaType, data) };
      return { ...file, ...own };
    }
    case "opaque":
      return own;
    case "source":
      return undefined;
    default:
      return undefined; // a type of part that is younger than this adapter
  }
}

/** A file that is sent along. */
export function inline(mediaType: string, data: Uint8Array): Record<string, Json> {
  return { mimeType: mediaType, data: toBase64(data) };
}

/** A file that Google fetches or holds: what kind it is goes along where it is known. */
export function held(mediaType: string, url: URL): Record<string, Json> {
  return { ...(!mediaType.includes("*") && { mimeType: mediaType }), fileUri: url.href };
}

/** Google takes an object alone. */
function argumentsOf({ input }: ToolCallPart): JsonObject {
  return objectOf(input) ?? { value: input };
}
