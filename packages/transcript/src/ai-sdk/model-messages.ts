import type { Json, JsonObject, Warning } from "@plugboard/core";
import { itemsAt, objectAt, optionalText, refusedField, textAt } from "@plugboard/wire";
import { readPrompt, writePrompt } from "@plugboard/wrap/ai-sdk/messages";
import { defineFormat } from "../define-format.ts";
import { everything } from "../everything.ts";
import type { Format, ReadConversation } from "../format.ts";
import { lossOf } from "../loss-of.ts";
import { fileDataAt } from "./file-data-at.ts";
import { plain } from "./plain.ts";

type Prompt = Parameters<typeof readPrompt>[0];

/**
 * `ModelMessage`s of the AI SDK, as `generateText` takes them: a list of messages, in which bytes are base64. They are read and written by
 * the bridge to the AI SDK.
 */
export const aiSdkMessages: Format = /* @__PURE__ */ defineFormat({
  name: "ai-sdk",
  title: "ModelMessages of the AI SDK",
  isList: true,
  holds: { ...everything, conversation: [], message: [], toolDefinitions: false, sources: false },
  read(json): ReadConversation {
    const warnings: Warning[] = [];
    const prompt = itemsAt(json, "messages").map((message, place) =>
      promptMessage(message, `messages[${place}]`, warnings),
    );
    // Every member that the bridge reads has been looked at.
    const messages = readPrompt(prompt as unknown as Prompt, (warning) => warnings.push(warning));
    return { conversation: { messages }, losses: warnings.map(lossOf) };
  },
  write({ messages }) {
    const warnings: Warning[] = [];
    const prompt = writePrompt(messages, (warning) => warnings.push(warning));
    return { json: plain(prompt), warnings };
  },
});

/** A message as the bridge has it: lists of parts, files with a type. */
function promptMessage(value: Json, path: string, warnings: Warning[]): object {
  const message = objectAt(value, path);
  const { role, content } = message;
  switch (role) {
    case "system":
      return { ...message, content: textAt(content, `${path}.content`) };
    case "user":
    case "assistant":
      if (typeof content === "string") return { ...message, content: [{ type: "text", text: content }] };
      break;
    case "tool":
      break;
    default:
      throw refusedField(`${path}.role`, "system, user, assistant or tool", role);
  }
  const parts = itemsAt(content, `${path}.content`);
  return {
    ...message,
    content: parts.flatMap((part, place) => promptPart(part, `${path}.content[${place}]`, warnings)),
  };
}

function promptPart(value: Json, path: string, warnings: Warning[]): readonly object[] {
  const part = objectAt(value, path);
  const { type } = part;
  switch (type) {
    case "text":
    case "reasoning":
      return [{ ...part, text: textAt(part["text"], `${path}.text`) }];
    case "image": {
      const mediaType = optionalText(part["mediaType"], `${path}.mediaType`) ?? "image/*";
      const { image: _, ...rest } = part;
      return [{ ...rest, type: "file", mediaType, data: fileDataAt(part["image"], `${path}.image`) }];
    }
    case "file":
    case "reasoning-file":
      textAt(part["mediaType"], `${path}.mediaType`);
      return [{ ...part, data: fileDataAt(part["data"], `${path}.data`) }];
    case "tool-call":
      textAt(part["toolCallId"], `${path}.toolCallId`);
      textAt(part["toolName"], `${path}.toolName`);
      return [part];
    case "tool-result":
      textAt(part["toolCallId"], `${path}.toolCallId`);
      textAt(part["toolName"], `${path}.toolName`);
      return [{ ...part, output: promptOutput(part["output"], `${path}.output`) }];
    case "custom":
      textAt(part["kind"], `${path}.kind`);
      return [part];
    case "tool-approval-response":
      return [part];
    case "tool-approval-request":
      warnings.push({
        code: "dropped",
        path,
        message: "A question whether a tool may run is of the run, not of the conversation.",
      });
      return [];
    default:
      throw refusedField(`${path}.type`, "text, reasoning, file, image, tool-call or tool-result", type);
  }
}

/** What a tool gave back, with its files as the bridge has them. */
export function promptOutput(value: Json | undefined, path: string): object {
  const output = objectAt(value, path);
  const { type, value: content } = output;
  if (type === "text" || type === "error-text") return { ...output, value: textAt(content, `${path}.value`) };
  if (type === "json" || type === "error-json") return { ...output, value: content ?? null };
  if (type === "execution-denied") return output;
  if (type !== "content") {
    throw refusedField(`${path}.type`, "text, json, content, error-text, error-json or execution-denied", type);
  }
  const items = itemsAt(content, `${path}.value`).map((item, place) => outputItem(item, `${path}.value[${place}]`));
  return { ...output, value: items };
}

function outputItem(value: Json, path: string): JsonObject | object {
  const item = objectAt(value, path);
  const { type, mediaType, ...rest } = item;
  switch (type) {
    case "text":
      return { ...item, text: textAt(item["text"], `${path}.text`) };
    case "file":
    case "file-data":
    case "image-data":
      return {
        ...rest,
        type: "file",
        mediaType: mediaType ?? "application/octet-stream",
        data: fileDataAt(item["data"], `${path}.data`),
      };
    case "file-url":
    case "image-url": {
      const unknown = type === "image-url" ? "image/*" : "application/octet-stream";
      return { ...rest, type: "file", mediaType: mediaType ?? unknown, data: fileDataAt(item["url"], `${path}.url`) };
    }
    case "custom":
      return item;
    default:
      throw refusedField(`${path}.type`, "text, file, file-data, file-url, image-data or image-url", type);
  }
}
