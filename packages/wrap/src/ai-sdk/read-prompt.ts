import type {
  AssistantPart,
  FilePart,
  Message,
  OpaquePart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from "@plugboard/core";
import type { Json } from "@plugboard/core";
import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4TextPart,
  LanguageModelV4ToolCallPart,
  LanguageModelV4ToolResultPart,
} from "@ai-sdk/provider";
import { stringOf, toolArguments } from "@plugboard/wire";
import { readOpaque, readReasoning } from "./content.ts";
import { readFileData } from "./file-data.ts";
import { plainOf, readMetadata } from "./metadata.ts";
import type { Warn } from "./metadata.ts";
import { readCitations } from "./source.ts";
import { readOutput } from "./tool-output.ts";

type Member<Role extends "assistant" | "tool"> = Extract<LanguageModelV4Message, { role: Role }>["content"][number];

/**
 * Their conversation in our words.
 *
 * @throws {ModelError} `unsupported` for a file that is neither bytes nor a URL
 */
export function readPrompt(prompt: LanguageModelV4Prompt, warn: Warn): Message[] {
  return prompt.map((message, place): Message => {
    const path = `messages[${place}]`;
    const { owned } = readMetadata(message.providerOptions);
    const at = (index: number): string => `${path}.content[${index}]`;
    switch (message.role) {
      case "system":
        return { role: "system", content: message.content, ...owned };
      case "user":
        return {
          role: "user",
          content: message.content.map((part, index) =>
            part.type === "text" ? readText(part) : readFile(part, at(index)),
          ),
          ...owned,
        };
      case "assistant":
        return {
          role: "assistant",
          content: message.content.map((part, index) => readAssistant(part, at(index), warn)),
          ...owned,
        };
      default:
        return {
          role: "tool",
          content: message.content.map((part, index) => readTool(part, at(index), warn)),
          ...owned,
        };
    }
  });
}

function readText(part: LanguageModelV4TextPart): TextPart {
  const { owned, kept } = readMetadata(part.providerOptions);
  return { type: "text", text: part.text, ...readCitations(undefined, kept), ...owned };
}

function readFile(part: LanguageModelV4FilePart, path: string): FilePart {
  const { mediaType, data } = part;
  const { owned, kept } = readMetadata(part.providerOptions, data.type === "text" ? { data: "text" } : undefined);
  const filename = part.filename ?? stringOf(kept["filename"]);
  return {
    type: "file",
    mediaType,
    data: readFileData(data, path),
    ...(filename !== undefined && { filename }),
    ...owned,
  };
}

function readAssistant(part: Member<"assistant">, path: string, warn: Warn): AssistantPart {
  switch (part.type) {
    case "text":
      return readText(part);
    case "reasoning":
      return readReasoning(part.text, part.providerOptions);
    case "file":
      return readFile(part, path);
    case "reasoning-file": {
      const { owned } = readMetadata(part.providerOptions, { type: part.type });
      return { type: "file", mediaType: part.mediaType, data: readFileData(part.data, path), ...owned };
    }
    case "custom":
      return readOpaque(part.kind, part.providerOptions);
    case "tool-call":
      return readCallPart(part);
    default:
      // The application's results stand in messages of their own: one here is the provider's.
      return { ...readResultPart(part, path, warn), executed: true };
  }
}

function readCallPart(part: LanguageModelV4ToolCallPart): ToolCallPart {
  const { owned, kept } = readMetadata(part.providerOptions);
  const raw = stringOf(kept["raw"]);
  return {
    type: "tool-call",
    id: part.toolCallId,
    name: part.toolName,
    ...(raw === undefined ? { input: (part.input === undefined ? {} : part.input) as Json } : toolArguments(raw)),
    ...(part.providerExecuted && { executed: true }),
    ...owned,
  };
}

function readTool(part: Member<"tool">, path: string, warn: Warn): ToolResultPart | OpaquePart {
  if (part.type === "tool-result") return readResultPart(part, path, warn);
  const own = plainOf(part, "type", "providerOptions");
  return { type: "opaque", kind: part.type, providerData: {}, ...readMetadata(part.providerOptions, own).owned };
}

function readResultPart(part: LanguageModelV4ToolResultPart, path: string, warn: Warn): ToolResultPart {
  const { output, isError, owned: ofOutput, own } = readOutput(part.output, `${path}.output`, warn);
  const { owned } = readMetadata(part.providerOptions, own);
  const providerData = { ...ofOutput.providerData, ...owned.providerData };
  return {
    type: "tool-result",
    id: part.toolCallId,
    name: part.toolName,
    output,
    ...(isError && { isError }),
    ...(Object.keys(providerData).length > 0 && { providerData }),
  };
}
