import type { AssistantPart, FilePart, Message, TextPart, ToolMessage } from "@plugboard/core";
import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4TextPart,
  LanguageModelV4ToolResultOutput,
  SharedV4ProviderOptions,
} from "@ai-sdk/provider";
import type { Owned, ToolResultPart } from "@plugboard/core";
import { messagesOf } from "@plugboard/core";
import { stringOf } from "@plugboard/wire";
import { keptOfCall, keptOfText, writeOpaque } from "./content.ts";
import { writeFileData } from "./file-data.ts";
import { theirData, writeMetadata } from "./metadata.ts";
import type { Warn } from "./metadata.ts";
import { writeOutput } from "./tool-output.ts";

type AssistantContent = Extract<LanguageModelV4Message, { role: "assistant" }>["content"];
type ToolContent = Extract<LanguageModelV4Message, { role: "tool" }>["content"];

/** A conversation in their words; what theirs cannot hold is told. */
export function writePrompt(messages: readonly Message[], warn: Warn): LanguageModelV4Prompt {
  return messages.flatMap((message, place) => writeMessage(message, `messages[${place}]`, warn));
}

function writeMessage(message: Message, path: string, warn: Warn): LanguageModelV4Message[] {
  const options = optionsOf(message);
  switch (message.role) {
    case "system":
      return [{ role: "system", content: message.content, ...options }];
    case "user": {
      const { content } = message;
      const parts: readonly (TextPart | FilePart)[] =
        typeof content === "string" ? [{ type: "text", text: content }] : content;
      return [
        {
          role: "user",
          content: parts.map((part) => (part.type === "text" ? writeText(part) : writeFile(part))),
          ...options,
        },
      ];
    }
    case "tool":
      return [{ role: "tool", content: writeResults(message, path, warn), ...options }];
    default: {
      const { content } = message;
      const parts: readonly AssistantPart[] = typeof content === "string" ? [{ type: "text", text: content }] : content;
      // What a layer ran is told as calls of the application's, which every provider takes.
      const turns = messagesOf({ content: parts });
      if (turns.length === 0) return [{ role: "assistant", content: [], ...options }];
      return turns.map((turn, index): LanguageModelV4Message => {
        if (turn.role === "tool") return { role: "tool", content: writeResults(turn, path, warn) };
        const said = turn.content as readonly AssistantPart[];
        const written = said.flatMap((part) => writeAssistant(part, path, warn));
        return Object.assign({ role: "assistant" as const, content: written }, index === 0 && options);
      });
    }
  }
}

function writeText(part: TextPart): LanguageModelV4TextPart {
  return { type: "text", text: part.text, ...optionsOf(part, keptOfText(part)) };
}

function writeFile(part: FilePart): LanguageModelV4FilePart {
  const { mediaType, data, filename } = part;
  return {
    type: "file",
    mediaType,
    data:
      theirData(part)["data"] === "text"
        ? { type: "text", text: new TextDecoder().decode(data as Uint8Array) }
        : writeFileData(data),
    ...(filename !== undefined && { filename }),
    ...optionsOf(part),
  };
}

function writeAssistant(part: AssistantPart, path: string, warn: Warn): AssistantContent {
  switch (part.type) {
    case "text":
      return [writeText(part)];
    case "reasoning":
      return [{ type: "reasoning", text: part.text, ...optionsOf(part) }];
    case "file":
      if (theirData(part)["type"] !== "reasoning-file") return [writeFile(part)];
      return [
        { type: "reasoning-file", mediaType: part.mediaType, data: writeFileData(part.data), ...optionsOf(part) },
      ];
    case "source":
      warn({ code: "dropped", path, message: "The AI SDK has no sources in a conversation; they are not sent back." });
      return [];
    case "tool-call":
      return [
        {
          type: "tool-call",
          toolCallId: part.id,
          toolName: part.name,
          // Providers want an object there; what is not JSON goes along in the metadata.
          input: part.invalid ? {} : part.input,
          ...(part.executed && { providerExecuted: true }),
          ...optionsOf(part, keptOfCall(part)),
        },
      ];
    case "tool-result":
      return [
        {
          type: "tool-result",
          toolCallId: part.id,
          toolName: part.name,
          output: writeOutput(part, path, warn),
          ...optionsOf(part),
        },
      ];
    default: {
      if (part.kind === "tool-approval-request") return []; // their prompts have the answers to them alone
      const content = writeOpaque(part);
      const providerOptions = "providerMetadata" in content ? content.providerMetadata : undefined;
      const options = providerOptions && { providerOptions };
      if (content.type === "reasoning") return [{ type: "reasoning", text: content.text, ...options }];
      return content.type === "custom" ? [{ type: "custom", kind: content.kind, ...options }] : [];
    }
  }
}

function writeResults({ content }: ToolMessage, path: string, warn: Warn): ToolContent {
  return content.flatMap((part): ToolContent => {
    if (part.type === "tool-result") {
      const output = deniedOf(part) ?? writeOutput(part, path, warn);
      return [{ type: "tool-result", toolCallId: part.id, toolName: part.name, output, ...optionsOf(part) }];
    }
    const { approvalId, approved, reason } = theirData(part);
    if (part.kind === "tool-approval-response" && typeof approvalId === "string") {
      const why = stringOf(reason);
      return [
        {
          type: "tool-approval-response",
          approvalId,
          approved: approved === true,
          ...(why !== undefined && { reason: why }),
          ...optionsOf(part),
        },
      ];
    }
    warn({ code: "dropped", path, message: `The AI SDK has no "${part.kind}" among the results of tools.` });
    return [];
  });
}

/** A call that the application did not allow, as it was told. */
function deniedOf(part: ToolResultPart): LanguageModelV4ToolResultOutput | undefined {
  const { type, reason } = theirData(part);
  if (type !== "execution-denied") return undefined;
  const why = stringOf(reason);
  return { type, ...(why !== undefined && { reason: why }) };
}

function optionsOf(
  { providerData }: Owned,
  kept: Parameters<typeof writeMetadata>[1] = {},
): { readonly providerOptions?: SharedV4ProviderOptions } {
  const providerOptions = writeMetadata(providerData, kept);
  return providerOptions ? { providerOptions } : {};
}
