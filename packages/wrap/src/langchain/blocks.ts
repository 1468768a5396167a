import type {
  AssistantPart,
  Citation,
  FilePart,
  Json,
  JsonObject,
  SourcePart,
  TextPart,
  ToolCallPart,
} from "@plugboard/core";
import type { ContentBlock } from "@langchain/core/messages";
import { ModelError } from "@plugboard/core";
import { callArguments, fromBase64, listOf, objectOf, stringOf, toBase64, toolArguments } from "@plugboard/wire";
import { fromPlain, toPlain } from "../plain.ts";

type Standard = ContentBlock.Standard;

/** A part of ours as LangChain's standard blocks have it. */
export function writeBlock(part: AssistantPart): Standard {
  switch (part.type) {
    case "text":
      return {
        type: "text",
        text: part.text,
        ...(part.citations && { annotations: part.citations.map(writeCitation) }),
      };
    case "reasoning":
      return { type: "reasoning", reasoning: part.text };
    case "file":
      return writeFile(part);
    case "tool-call":
      if (part.executed) return { type: "server_tool_call", id: part.id, name: part.name, args: part.input };
      if (part.invalid)
        return {
          type: "invalid_tool_call",
          id: part.id,
          name: part.name,
          args: callArguments(part),
          error: "The arguments are not JSON.",
        };
      return { type: "tool_call", id: part.id, name: part.name, args: part.input };
    case "tool-result": {
      const { id, isError, output } = part;
      const plain = toPlain(output) as string | JsonObject;
      return {
        type: "server_tool_call_result",
        toolCallId: id,
        status: isError ? "error" : "success",
        output: plain as Record<string, unknown>,
      };
    }
    default:
      // LangChain has no block for a source by itself, nor for a provider's own items.
      return { type: "non_standard", value: { type: "plugboard", part: toPlain(part) } };
  }
}

/** A file as the block of its kind. */
export function writeFile({ mediaType, data, filename }: FilePart): Standard {
  const [family = ""] = mediaType.split("/", 1);
  const type = (families as ReadonlySet<string>).has(family) ? (family as "image") : "file";
  return {
    type,
    mimeType: mediaType,
    ...(data instanceof URL ? { url: data.href } : { data: toBase64(data) }),
    ...(filename !== undefined && { metadata: { filename } }),
  } as Standard;
}

/**
 * A block in our words; several where it stands for several, none where it says nothing.
 *
 * @throws {ModelError} `unsupported` for a file that only a provider holds
 */
export function readBlock(block: Standard, path: string): readonly AssistantPart[] {
  switch (block.type) {
    case "text": {
      const citations = listOf(block.annotations as Json | undefined).flatMap((annotation) =>
        readCitation(annotation as JsonObject),
      );
      return [{ type: "text", text: block.text, ...(citations.length > 0 && { citations }) }];
    }
    case "reasoning":
      return [{ type: "reasoning", text: block.reasoning }];
    case "refusal":
      return [{ type: "text", text: block.refusal }];
    case "tool_call":
    case "server_tool_call":
      return [
        {
          type: "tool-call",
          id: block.id ?? "",
          name: block.name,
          input: block.args as Json,
          ...(block.type === "server_tool_call" && { executed: true }),
        },
      ];
    case "invalid_tool_call":
      return [readInvalidCall({ ...block })];
    case "server_tool_call_result": {
      const output = fromPlain(block.output as unknown as Json);
      const { toolCallId, status } = block;
      return [
        {
          type: "tool-result",
          id: toolCallId,
          name: "",
          output:
            typeof output === "string" || isParts(output)
              ? output
              : [{ type: "json", value: block.output as unknown as Json }],
          executed: true,
          ...(status === "error" && { isError: true }),
        },
      ];
    }
    case "image":
    case "audio":
    case "video":
    case "file":
      return [readFile(block, path)];
    case "text-plain":
      return [
        {
          type: "text",
          text: stringOf((block as { text?: Json }).text) ?? new TextDecoder().decode(bytesOf(block.data ?? "")),
        },
      ];
    case "non_standard":
      return [readNonStandard(block.value as JsonObject)];
    default:
      return []; // pieces of calls, which stand whole in `tool_calls`
  }
}

/** A call whose arguments are no JSON. */
export function readInvalidCall(call: {
  readonly id?: string;
  readonly name?: string;
  readonly args?: string;
}): ToolCallPart {
  const { id = "", name = "", args = "" } = call;
  const read = toolArguments(args);
  // LangChain also counts JSON that is no object among these.
  return { type: "tool-call", id, name, ...read, ...(!read.invalid && { input: args, raw: args, invalid: true }) };
}

const families = new Set(["image", "audio", "video"] as const);

function readFile(block: Extract<Standard, { type: "image" | "audio" | "video" | "file" }>, path: string): FilePart {
  const { type, url, data, mimeType, metadata } = block;
  const filename = stringOf(
    (metadata as JsonObject | undefined)?.["filename"] ?? (metadata as JsonObject | undefined)?.["name"],
  );
  const named = filename !== undefined && { filename };
  if (data !== undefined)
    return { type: "file", mediaType: mimeType ?? "application/octet-stream", data: bytesOf(data), ...named };
  if (url === undefined) {
    const message = `\`${path}\` names a file that only a provider holds; give its bytes or a URL.`;
    throw new ModelError(message, { code: "unsupported" });
  }
  const inline = /^data:([^;,]+)?(?:;[^;,]+)*;base64,(.*)$/s.exec(url);
  if (inline)
    return { type: "file", mediaType: mimeType ?? inline[1] ?? "text/plain", data: fromBase64(inline[2]!), ...named };
  if (!URL.canParse(url))
    throw new ModelError(`\`${path}\` must have a URL; it has "${url.slice(0, 80)}".`, { code: "invalid-request" });
  return { type: "file", mediaType: mimeType ?? guessed[type], data: new URL(url), ...named };
}

/** For URLs, which are passed on: providers look at what comes. */
const guessed = { image: "image/*", audio: "audio/*", video: "video/*", file: "application/octet-stream" } as const;

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === "string" ? fromBase64(data) : data;
}

function readNonStandard(value: JsonObject): AssistantPart {
  const part = value["type"] === "plugboard" ? objectOf(value["part"]) : undefined;
  // Written by `writeBlock`.
  if (part) return fromPlain(part) as AssistantPart;
  return { type: "opaque", kind: stringOf(value["type"]) ?? "non_standard", providerData: { langchain: value } };
}

function writeCitation({ source, start, end, quote }: Citation): ContentBlock.Citation {
  const { url, title, id } = source;
  return {
    type: "citation",
    ...(url !== undefined && { url }),
    ...(title !== undefined && { title }),
    ...(id !== undefined && { source: id }),
    ...(start !== undefined && { startIndex: start }),
    ...(end !== undefined && { endIndex: end }),
    ...(quote !== undefined && { citedText: quote }),
  };
}

function readCitation(annotation: JsonObject): readonly Citation[] {
  if (annotation["type"] !== "citation") return [];
  const { url, title, source: id, startIndex, endIndex, citedText } = annotation;
  const source: SourcePart = {
    type: "source",
    ...(typeof id === "string" && { id }),
    ...(typeof url === "string" && { url }),
    ...(typeof title === "string" && { title }),
  };
  return [
    {
      source,
      ...(typeof startIndex === "number" && { start: startIndex }),
      ...(typeof endIndex === "number" && { end: endIndex }),
      ...(typeof citedText === "string" && { quote: citedText }),
    },
  ];
}

function isParts(value: unknown): value is readonly (TextPart | FilePart)[] {
  return (
    Array.isArray(value) &&
    value.every((part: unknown) => {
      const type = objectOf(part as Json)?.["type"];
      return type === "text" || type === "file" || type === "json";
    })
  );
}
