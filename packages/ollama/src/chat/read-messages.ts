import type {
  AssistantPart,
  FilePart,
  Json,
  JsonObject,
  Message,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from "@plugboard/core";
import { listAt, nameAt, objectAt, objectOf, refusedField, stringOf, textAt, toolArguments } from "@plugboard/wire";
import { readImage } from "./image.ts";

/**
 * Ollama's messages as ours. Calls without ids get some, and results without ids get that of the call they answer.
 *
 * @throws {ModelError} `invalid-request` that names the field
 */
export function readMessages(list: Json | undefined): Message[] {
  const messages: Message[] = [];
  let unanswered: ToolCallPart[] = [];
  listAt(list, "messages").forEach((value, place) => {
    const path = `messages[${place}]`;
    const item = objectAt(value, path);
    const content = readText(item["content"], `${path}.content`) ?? "";
    switch (item["role"]) {
      case "system":
        messages.push({ role: "system", content });
        return;
      case "user": {
        const images = readImages(item["images"], `${path}.images`);
        const text: TextPart[] = content === "" ? [] : [{ type: "text", text: content }];
        messages.push({ role: "user", content: images.length > 0 ? [...images, ...text] : content });
        return;
      }
      case "assistant": {
        const parts = readAnswer(item, path, `call_${place}_`);
        unanswered = parts.filter((part) => part.type === "tool-call");
        messages.push({ role: "assistant", content: parts });
        return;
      }
      case "tool": {
        const result = readToolResult(item, content, path, unanswered);
        const last = messages.at(-1);
        // Results of the same turn stand in one message of ours.
        if (last?.role === "tool") messages[messages.length - 1] = { role: "tool", content: [...last.content, result] };
        else messages.push({ role: "tool", content: [result] });
        return;
      }
      default:
        throw refusedField(`${path}.role`, "system, user, assistant or tool", item["role"]);
    }
  });
  return messages;
}

function readAnswer(item: JsonObject, path: string, idPrefix: string): AssistantPart[] {
  const parts: AssistantPart[] = [];
  const thinking = readText(item["thinking"], `${path}.thinking`);
  const text = readText(item["content"], `${path}.content`);
  if (thinking) parts.push({ type: "reasoning", text: thinking });
  if (text) parts.push({ type: "text", text });
  parts.push(...readImages(item["images"], `${path}.images`));
  listAt(item["tool_calls"], `${path}.tool_calls`).forEach((call, place) => {
    const part = readToolCall(call, `${idPrefix}${place}`);
    if (!part) throw refusedField(`${path}.tool_calls[${place}].function.name`, "a name", call);
    parts.push(part);
  });
  return parts;
}

/**
 * A call, or `undefined` when it has no name. No arguments are an empty object; some servers that speak this protocol send them as text.
 *
 * @param made - the id for a call that has none, as older servers send them
 */
export function readToolCall(call: Json, made: string): ToolCallPart | undefined {
  const wire = objectOf(call);
  const called = objectOf(wire?.["function"]);
  const name = stringOf(called?.["name"]);
  if (!name) return undefined;
  const id = stringOf(wire?.["id"]) || made;
  const written = called?.["arguments"] ?? {};
  if (typeof written === "string") return { type: "tool-call", id, name, ...toolArguments(written) };
  return { type: "tool-call", id, name, input: written };
}

/** A result; what it answers is told by id, else by name, else by the order of the calls. */
function readToolResult(item: JsonObject, output: string, path: string, unanswered: ToolCallPart[]): ToolResultPart {
  const id = readText(item["tool_call_id"], `${path}.tool_call_id`);
  const name = readText(item["tool_name"], `${path}.tool_name`);
  const place = unanswered.findIndex((call) => (id ? call.id === id : name ? call.name === name : true));
  const [call] = place < 0 ? [] : unanswered.splice(place, 1);
  const images = readImages(item["images"], `${path}.images`);
  return {
    type: "tool-result",
    id: id || call?.id || path,
    name: name || call?.name || "tool",
    output: images.length > 0 ? [{ type: "text", text: output }, ...images] : output,
  };
}

function readImages(images: Json | undefined, path: string): FilePart[] {
  return listAt(images, path).map((image, place) => {
    const at = `${path}[${place}]`;
    try {
      return readImage(nameAt(image, at));
    } catch {
      throw refusedField(at, "an image in base64", stringOf(image)?.slice(0, 20) ?? image);
    }
  });
}

function readText(value: Json | undefined, path: string): string | undefined {
  return value == null ? undefined : textAt(value, path);
}
