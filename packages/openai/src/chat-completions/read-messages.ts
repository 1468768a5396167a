import type {
  AssistantPart,
  FilePart,
  Json,
  JsonObject,
  Message,
  ProviderData,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from "@plugboard/core";
import { itemsAt, objectAt, optionalText, refusedField, textAt, toolArguments } from "@plugboard/wire";
import { bytesAt, readURL, textOfContent } from "../shared/read-content.ts";
import { isList, isObject } from "../shared/fields.ts";

const roles = "system, developer, user, assistant or tool";

/**
 * A conversation that a client sent, in our words.
 *
 * @throws {ModelError} `invalid-request` that names the field
 */
export function readMessages(sent: Json | undefined): Message[] {
  const list = itemsAt(sent, "messages");
  if (list.length === 0) throw refusedField("messages", "a list with at least one message", sent);
  const toolNames = new Map<string, string>();
  const messages: Message[] = [];

  list.forEach((value, place) => {
    const path = `messages[${place}]`;
    const message = objectAt(value, path);
    const { role, name } = message;
    const owned = typeof name === "string" ? own({ name }) : undefined;
    switch (role) {
      case "system":
      case "developer":
        messages.push({ role: "system", content: textOfContent(message["content"], `${path}.content`), ...owned });
        return;
      case "user":
        messages.push({ role, content: readUserContent(message["content"], `${path}.content`), ...owned });
        return;
      case "assistant": {
        const content = readAssistant(message, path);
        for (const part of content) if (part.type === "tool-call") toolNames.set(part.id, part.name);
        const [first] = content;
        const plain = content.length === 1 && first?.type === "text";
        messages.push({ role, content: plain ? first.text : content, ...owned });
        return;
      }
      case "tool": {
        const id = textAt(message["tool_call_id"], `${path}.tool_call_id`);
        const output = textOfContent(message["content"], `${path}.content`);
        const part: ToolResultPart = { type: "tool-result", id, name: toolNames.get(id) ?? "", output };
        const last = messages.at(-1);
        if (last?.role === "tool") messages[messages.length - 1] = { role, content: [...last.content, part] };
        else messages.push({ role, content: [part] });
        return;
      }
      default:
        throw refusedField(`${path}.role`, roles, role);
    }
  });
  return messages;
}

function own(data: JsonObject): { readonly providerData: ProviderData } {
  return { providerData: { openai: data } };
}

function readUserContent(content: Json | undefined, path: string): string | (TextPart | FilePart)[] {
  if (!isList(content)) return textAt(content, path);
  return content.map((piece, place) => readPiece(objectAt(piece, `${path}[${place}]`), `${path}[${place}]`));
}

function readPiece(piece: JsonObject, path: string): TextPart | FilePart {
  const { type, ...rest } = piece;
  switch (type) {
    case "text": {
      const { text, ...data } = rest;
      return { type, text: textAt(text, `${path}.text`), ...(Object.keys(data).length > 0 && own(data)) };
    }
    case "image_url": {
      const { image_url: image, ...data } = rest;
      const { url, ...more } = objectAt(image, `${path}.image_url`);
      const others = { ...data, ...(Object.keys(more).length > 0 && { image_url: more }) };
      const file = readURL(textAt(url, `${path}.image_url.url`), `${path}.image_url.url`, "image/*");
      return { ...file, ...(Object.keys(others).length > 0 && own(others)) };
    }
    case "input_audio": {
      const audio = objectAt(rest["input_audio"], `${path}.input_audio`);
      const format = textAt(audio["format"], `${path}.input_audio.format`);
      const data = bytesAt(textAt(audio["data"], `${path}.input_audio.data`), `${path}.input_audio.data`);
      return { type: "file", mediaType: format === "mp3" ? "audio/mpeg" : `audio/${format}`, data };
    }
    case "file": {
      const { file_id: id, file_data: data, filename } = objectAt(rest["file"], `${path}.file`);
      const named = { ...(typeof filename === "string" && { filename }) };
      if (typeof id === "string") {
        const stored = own({ file: { file_id: id } });
        return { type: "file", mediaType: "application/octet-stream", data: new Uint8Array(), ...named, ...stored };
      }
      return {
        ...readURL(textAt(data, `${path}.file.file_data`), `${path}.file.file_data`, "application/pdf"),
        ...named,
      };
    }
    // As Mistral has documents.
    case "document_url": {
      const { document_url: url, document_name: filename } = rest;
      const file = readURL(textAt(url, `${path}.document_url`), `${path}.document_url`, "application/pdf");
      return { ...file, ...(typeof filename === "string" && { filename }) };
    }
    default:
      throw refusedField(`${path}.type`, "text, image_url, input_audio, file or document_url", type);
  }
}

function readAssistant(message: JsonObject, path: string): AssistantPart[] {
  const { content, refusal, reasoning_content: thoughts, tool_calls: calls, audio, function_call: legacy } = message;
  const parts: AssistantPart[] = [];
  const thought = optionalText(thoughts, `${path}.reasoning_content`);
  if (thought) parts.push({ type: "reasoning", text: thought });
  if (isList(content)) {
    content.forEach((value, place) => {
      const at = `${path}.content[${place}]`;
      const piece = objectAt(value, at);
      if (piece["type"] === "thinking") {
        // As Mistral has thoughts.
        parts.push({ type: "reasoning", text: textOfContent(piece["thinking"], `${at}.thinking`) });
        return;
      }
      const field = piece["type"] === "refusal" ? "refusal" : "text";
      parts.push({ type: "text", text: textAt(piece[field], `${at}.${field}`) });
    });
  } else {
    const text = optionalText(content, `${path}.content`);
    if (text) parts.push({ type: "text", text });
  }
  const refusing = optionalText(refusal, `${path}.refusal`);
  if (refusing) parts.push({ type: "text", text: refusing });
  if (isObject(audio)) parts.push({ type: "opaque", kind: "audio", ...own({ audio }) });
  if (isObject(legacy)) parts.push({ type: "opaque", kind: "function_call", ...own({ function_call: legacy }) });
  if (calls !== undefined && calls !== null) {
    itemsAt(calls, `${path}.tool_calls`).forEach((call, place) => {
      parts.push(readCall(objectAt(call, `${path}.tool_calls[${place}]`), `${path}.tool_calls[${place}]`));
    });
  }
  return parts;
}

function readCall(call: JsonObject, path: string): ToolCallPart {
  const id = textAt(call["id"], `${path}.id`);
  if (call["type"] === "custom") {
    const custom = objectAt(call["custom"], `${path}.custom`);
    const input = textAt(custom["input"], `${path}.custom.input`);
    return {
      type: "tool-call",
      id,
      name: textAt(custom["name"], `${path}.custom.name`),
      input,
      ...own({ type: "custom" }),
    };
  }
  const called = objectAt(call["function"], `${path}.function`);
  const name = textAt(called["name"], `${path}.function.name`);
  return { type: "tool-call", id, name, ...toolArguments(textAt(called["arguments"], `${path}.function.arguments`)) };
}
