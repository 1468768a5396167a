import type {
  AssistantMessage,
  AssistantPart,
  FilePart,
  Json,
  JsonObject,
  Message,
  Owned,
  TextPart,
  ToolCallPart,
  ToolOutputPart,
  ToolResultPart,
  UserMessage,
} from "@plugboard/core";
import {
  fileAt,
  listAt,
  nameAt,
  objectAt,
  objectOf,
  refusedField,
  stringOf,
  textAt,
  toolArguments,
} from "@plugboard/wire";
import { owner } from "../account.ts";

/**
 * Cohere's messages as ours: results of tools of one turn are one message, and know the names of their tools.
 *
 * @throws {ModelError} `invalid-request` that names the field
 */
export function readMessages(value: Json | undefined): Message[] {
  const list = listAt(value, "messages");
  if (list.length === 0) throw refusedField("messages", "a list with at least one message", value);
  const messages: Message[] = [];
  const names = new Map<string, string>();
  list.forEach((item, place) => {
    const path = `messages[${place}]`;
    const message = objectAt(item, path);
    switch (message["role"]) {
      case "system":
        messages.push({ role: "system", content: readText(message["content"], `${path}.content`) });
        return;
      case "user":
        messages.push({ role: "user", content: readUser(message["content"], `${path}.content`) });
        return;
      case "assistant": {
        const answer = readAssistant(message, path);
        for (const part of answer.content)
          if (typeof part === "object" && part.type === "tool-call") names.set(part.id, part.name);
        messages.push(answer);
        return;
      }
      case "tool": {
        const result = readResult(message, path, names);
        const last = messages.at(-1);
        if (last?.role === "tool") messages[messages.length - 1] = { role: "tool", content: [...last.content, result] };
        else messages.push({ role: "tool", content: [result] });
        return;
      }
      default:
        throw refusedField(`${path}.role`, "system, user, assistant or tool", message["role"]);
    }
  });
  return messages;
}

/** A text, or the texts of a list of blocks. */
function readText(content: Json | undefined, path: string): string {
  if (typeof content === "string") return content;
  return listAt(content, path)
    .map((block, place) => textAt(objectAt(block, `${path}[${place}]`)["text"], `${path}[${place}].text`))
    .join("");
}

function readUser(content: Json | undefined, path: string): UserMessage["content"] {
  if (typeof content === "string") return content;
  return listAt(content, path).map((block, place) => readUserBlock(block, `${path}[${place}]`));
}

function readUserBlock(value: Json, path: string): TextPart | FilePart {
  const { type, text, image_url: image } = objectAt(value, path);
  if (type === "text") return { type, text: textAt(text, `${path}.text`) };
  if (type !== "image_url") throw refusedField(`${path}.type`, "text or image_url", type);
  const { url, detail } = objectAt(image, `${path}.image_url`);
  const file = fileAt(url, `${path}.image_url.url`, "image/*");
  return detail == null ? file : { ...file, ...owned({ image_url: { detail } }) };
}

function readAssistant(message: JsonObject, path: string): AssistantMessage {
  const { content, tool_plan: plan, citations } = message;
  const data = Array.isArray(citations) ? owned({ citations }) : {};
  const calls = listAt(message["tool_calls"], `${path}.tool_calls`);
  if (typeof content === "string" && plan == null && calls.length === 0) return { role: "assistant", content, ...data };

  const parts: AssistantPart[] = [];
  if (typeof content === "string") parts.push({ type: "text", text: content });
  else {
    listAt(content, `${path}.content`).forEach((block, place) => {
      parts.push(readBlock(objectAt(block, `${path}.content[${place}]`), `${path}.content[${place}]`));
    });
  }
  if (plan != null) {
    const told = owned({ tool_plan: textAt(plan, `${path}.tool_plan`) });
    parts.push({ type: "opaque", kind: "tool_plan", ...told });
  }
  calls.forEach((call, place) => parts.push(readCall(call, `${path}.tool_calls[${place}]`)));
  return { role: "assistant", content: parts, ...data };
}

function readBlock({ type, text, thinking }: JsonObject, path: string): AssistantPart {
  if (type === "text") return { type, text: textAt(text, `${path}.text`) };
  if (type === "thinking") return { type: "reasoning", text: textAt(thinking, `${path}.thinking`) };
  throw refusedField(`${path}.type`, "text or thinking", type);
}

function readCall(value: Json, path: string): ToolCallPart {
  const call = objectAt(value, path);
  const { name, arguments: written } = objectAt(call["function"], `${path}.function`);
  return {
    type: "tool-call",
    id: nameAt(call["id"], `${path}.id`),
    name: nameAt(name, `${path}.function.name`),
    ...toolArguments(written == null ? "" : textAt(written, `${path}.function.arguments`)),
  };
}

function readResult(message: JsonObject, path: string, names: ReadonlyMap<string, string>): ToolResultPart {
  const id = nameAt(message["tool_call_id"], `${path}.tool_call_id`);
  const { content } = message;
  const output =
    typeof content === "string"
      ? content
      : listAt(content, `${path}.content`).map((block, place) => readOutput(block, `${path}.content[${place}]`));
  return { type: "tool-result", id, name: names.get(id) ?? "tool", output };
}

/** A document says what a tool gave back: an object, or the text in it. */
function readOutput(value: Json, path: string): ToolOutputPart {
  const { type, text, document } = objectAt(value, path);
  if (type === "text") return { type, text: textAt(text, `${path}.text`) };
  if (type !== "document") throw refusedField(`${path}.type`, "text or document", type);
  const { data } = objectAt(document, `${path}.document`);
  const object = objectOf(data);
  return object
    ? { type: "json", value: object }
    : { type: "text", text: textAt(stringOf(data), `${path}.document.data`) };
}

function owned(data: JsonObject): Required<Pick<Owned, "providerData">> {
  return { providerData: { [owner]: data } };
}
