import type { AssistantPart, JsonObject, OpaquePart, ReasoningPart, TextPart, ToolCallPart } from "@plugboard/core";
import type { LanguageModelV4Content, LanguageModelV4ToolCall, SharedV4ProviderMetadata } from "@ai-sdk/provider";
import { callArguments, stringOf, toolArguments } from "@plugboard/wire";
import { readFileData, writeFileData } from "./file-data.ts";
import { plainOf, readMetadata, theirData, writeMetadata } from "./metadata.ts";
import { readCitations, readSource, writeCitations, writeSource } from "./source.ts";
import { readResult, writeResult } from "./tool-output.ts";

/** A part of ours as their answers have it. `declared` are the tools of the request: calls of others are what they call dynamic. */
export function writeContent(part: AssistantPart, declared: ReadonlySet<string>): LanguageModelV4Content {
  switch (part.type) {
    case "text":
      return {
        type: "text",
        text: part.text,
        ...(part.citations && { citations: writeCitations(part.citations) }),
        ...metadataOf(part, keptOfText(part)),
      };
    case "reasoning":
      return { type: "reasoning", text: part.text, ...metadataOf(part) };
    case "file": {
      const { mediaType, data, filename } = part;
      const kind = theirData(part)["type"] === "reasoning-file" ? "reasoning-file" : "file";
      const kept = filename === undefined ? {} : { filename };
      return { type: kind, mediaType, data: writeFileData(data), ...metadataOf(part, kept) };
    }
    case "source":
      return writeSource(part);
    case "tool-call":
      return {
        type: "tool-call",
        toolCallId: part.id,
        toolName: part.name,
        input: callArguments(part),
        ...(part.executed && { providerExecuted: true, ...(!declared.has(part.name) && { dynamic: true }) }),
        ...metadataOf(part, keptOfCall(part)),
      };
    case "tool-result": {
      const { result, marked } = writeResult(part);
      return {
        type: "tool-result",
        toolCallId: part.id,
        toolName: part.name,
        result,
        ...(part.isError && { isError: true }),
        ...(!declared.has(part.name) && { dynamic: true }),
        ...metadataOf(part, marked ? { parts: true } : {}),
      };
    }
    default:
      return writeOpaque(part);
  }
}

/** A part of their answers in ours; `undefined` for what a later part says again. */
export function readContent(content: LanguageModelV4Content): AssistantPart | undefined {
  const { owned, kept } = readMetadata(content.providerMetadata);
  switch (content.type) {
    case "text":
      return { type: "text", text: content.text, ...readCitations(content.citations, kept), ...owned };
    case "reasoning":
      return readReasoning(content.text, content.providerMetadata);
    case "file":
    case "reasoning-file": {
      const { mediaType } = content;
      const filename = stringOf(kept["filename"]);
      const own = content.type === "file" ? undefined : { type: content.type };
      return {
        type: "file",
        mediaType,
        data: readFileData(content.data, "content"),
        ...(filename !== undefined && { filename }),
        ...readMetadata(content.providerMetadata, own).owned,
      };
    }
    case "source":
      return readSource(content);
    case "tool-call":
      return readToolCall(content);
    case "tool-result":
      if (content.preliminary) return undefined;
      return {
        type: "tool-result",
        id: content.toolCallId,
        name: content.toolName,
        output: readResult(content.result, kept["parts"] === true),
        executed: true,
        ...(content.isError && { isError: true }),
        ...owned,
      };
    case "custom":
      return readOpaque(content.kind, content.providerMetadata);
    default: {
      const own = plainOf(content, "type", "providerMetadata");
      return {
        type: "opaque",
        kind: content.type,
        providerData: {},
        ...readMetadata(content.providerMetadata, own).owned,
      };
    }
  }
}

/** A call as the model wrote it. */
export function readToolCall(call: LanguageModelV4ToolCall): ToolCallPart {
  const { owned, kept } = readMetadata(call.providerMetadata);
  return {
    type: "tool-call",
    id: call.toolCallId,
    name: call.toolName,
    ...toolArguments(stringOf(kept["raw"]) ?? call.input),
    ...(call.providerExecuted && { executed: true }),
    ...owned,
  };
}

/** Of a call what their prompts lose: they have the arguments parsed. */
export function keptOfCall({ raw, input, invalid }: ToolCallPart): JsonObject {
  if (invalid) return { raw: callArguments({ input, invalid, ...(raw !== undefined && { raw }) }) };
  return raw === undefined || raw === JSON.stringify(input) ? {} : { raw };
}

/** Of a text what their prompts lose. */
export function keptOfText({ citations }: TextPart): JsonObject {
  return citations ? plainOf({ citations }) : {};
}

/** An item of a provider's own, in their words. What Anthropic thought and encrypted is reasoning there. */
export function writeOpaque({ kind, providerData }: OpaquePart): LanguageModelV4Content {
  const { anthropic } = providerData;
  if (kind === redacted && anthropic?.["data"] !== undefined) {
    const { data, ...rest } = anthropic;
    const providerMetadata = writeMetadata({ ...providerData, anthropic: { ...rest, redactedData: data } });
    return { type: "reasoning", text: "", ...(providerMetadata && { providerMetadata }) };
  }
  const named = isTheirKind(kind);
  const providerMetadata = writeMetadata(providerData, named ? {} : { kind });
  const full = named ? kind : (`${Object.keys(providerData)[0] ?? "plugboard"}.${kind}` as const);
  return { type: "custom", kind: full, ...(providerMetadata && { providerMetadata }) };
}

/** An item of a provider's own, in ours. */
export function readOpaque(kind: string, metadata: SharedV4ProviderMetadata | undefined): OpaquePart {
  const { owned, kept } = readMetadata(metadata);
  return { type: "opaque", kind: stringOf(kept["kind"]) ?? kind, providerData: {}, ...owned };
}

/** Thoughts in our words. */
export function readReasoning(
  text: string,
  metadata: SharedV4ProviderMetadata | undefined,
): ReasoningPart | OpaquePart {
  const { owned } = readMetadata(metadata);
  const { anthropic } = owned.providerData ?? {};
  if (anthropic?.["redactedData"] === undefined) return { type: "reasoning", text, ...owned };
  const { redactedData: data, ...rest } = anthropic;
  return { type: "opaque", kind: redacted, providerData: { ...owned.providerData, anthropic: { ...rest, data } } };
}

const redacted = "redacted_thinking";

function isTheirKind(kind: string): kind is `${string}.${string}` {
  return kind.includes(".");
}

function metadataOf(
  { providerData }: Pick<TextPart, "providerData">,
  kept: JsonObject = {},
): { readonly providerMetadata?: SharedV4ProviderMetadata } {
  const providerMetadata = writeMetadata(providerData, kept);
  return providerMetadata ? { providerMetadata } : {};
}
