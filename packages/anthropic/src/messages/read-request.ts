import type {
  AssistantPart,
  FilePart,
  FunctionTool,
  Json,
  JsonObject,
  Message,
  ModelRequest,
  OpaquePart,
  ProviderTool,
  TextPart,
  Tool,
  ToolOutputPart,
  ToolResultPart,
} from "@plugboard/core";
import { blockAt, numberAt } from "./fields.ts";
import { owner, ownedBy, partOf } from "./messages.ts";
import { itemsAt, objectOf, refusedField, stringOf, textAt, userMessages, without } from "@plugboard/wire";
import { readFile } from "./read-file.ts";
import { readOutput } from "./read-output.ts";
import { refuseThread } from "./refuse-thread.ts";

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** What a client of either API version asks, in our words; what the contract has no word for is in `providerOptions`. */
export function readRequest(body: Json): { readonly model: string; readonly request: ModelRequest } {
  const asked = objectOf(body);
  if (!asked) throw refusedField("body", "a JSON object", body);
  refuseThread(asked["thread"]);
  const model = stringOf(asked["model"]);
  if (!model) throw refusedField("model", "a name", asked["model"]);
  const maxOutputTokens = numberAt(asked, "max_tokens", 1);
  if (maxOutputTokens === undefined)
    throw refusedField("max_tokens", "a whole number of at least 1", asked["max_tokens"]);

  const messages = [...readSystem(asked["system"]), ...itemsAt(asked["messages"], "messages").flatMap(readMessage)];
  const request: Writable<ModelRequest> = { messages: nameResults(messages), maxOutputTokens };
  if (asked["stream"] === true) request.stream = true;
  else if (asked["stream"] != null && asked["stream"] !== false)
    throw refusedField("stream", "true or false", asked["stream"]);

  const temperature = numberAt(asked, "temperature", 0, 1);
  const topP = numberAt(asked, "top_p", 0, 1);
  const topK = numberAt(asked, "top_k", 0);
  if (temperature !== undefined) request.temperature = temperature;
  if (topP !== undefined) request.topP = topP;
  if (topK !== undefined) request.topK = topK;
  if (asked["stop_sequences"] != null) request.stop = itemsAt(asked["stop_sequences"], "stop_sequences").map(readText);
  if (asked["tools"] != null) request.tools = itemsAt(asked["tools"], "tools").map(readTool);

  const own = without(asked, ...known);
  readChoice(asked["tool_choice"], request, own);
  readOutput(asked, request, own);
  for (const name of Object.keys(own)) if (own[name] === null) delete own[name];
  if (Object.keys(own).length > 0) request.providerOptions = { [owner]: own };
  return { model, request };
}

const known =
  "model max_tokens system messages stream temperature top_p top_k stop_sequences tools tool_choice thinking output_config thread".split(
    " ",
  );

function readSystem(system: Json | undefined): Message[] {
  if (system == null) return [];
  if (typeof system === "string") return [{ role: "system", content: system }];
  return itemsAt(system, "system").map(readSystemBlock);
}

function readSystemBlock(item: Json, place: number): Message {
  const block = blockAt(item, `system.${place}`);
  const content = textAt(block["text"], `system.${place}.text`);
  return { role: "system", content, ...ownedBy(without(block, "type", "text", "citations")) };
}

function readMessage(item: Json, place: number): Message[] {
  const path = `messages.${place}`;
  const message = objectOf(item);
  if (!message) throw refusedField(path, "an object with `role` and `content`", item);
  const { role, content } = message;
  if (role !== "user" && role !== "assistant" && role !== "system") {
    throw refusedField(`${path}.role`, "user, assistant or system", role);
  }
  if (typeof content === "string") return [{ role, content }];
  const blocks = itemsAt(content, `${path}.content`).map((block, index) => blockAt(block, `${path}.content.${index}`));
  if (role === "assistant") {
    const parts = blocks.map((block, index) => readAssistantBlock(block, `${path}.content.${index}`));
    return [{ role, content: parts }];
  }
  if (role === "system") return readSystem(blocks);
  return userMessages(blocks.map((block, index) => readUserBlock(block, `${path}.content.${index}`)));
}

function readAssistantBlock(block: JsonObject, path: string): AssistantPart {
  if (block["type"] === "text") textAt(block["text"], `${path}.text`);
  if (block["type"] === "tool_use") {
    for (const name of ["id", "name"]) {
      if (!stringOf(block[name])) throw refusedField(`${path}.${name}`, "a text that is not empty", block[name]);
    }
    if (!objectOf(block["input"])) throw refusedField(`${path}.input`, "an object", block["input"]);
  }
  return partOf(block, { toolName: (name) => name });
}

/** A result on the wire tells its call's id alone; ours tell the tool's name too. */
function nameResults(messages: readonly Message[]): Message[] {
  const names = new Map<string, string>();
  return messages.map((message) => {
    if (message.role === "assistant" && typeof message.content !== "string") {
      for (const part of message.content) if (part.type === "tool-call") names.set(part.id, part.name);
    }
    if (message.role !== "tool") return message;
    const content = message.content.map((part) =>
      part.type === "tool-result" ? { ...part, name: names.get(part.id) ?? "unknown" } : part,
    );
    return { ...message, content };
  });
}

function readUserBlock(block: JsonObject, path: string): TextPart | FilePart | ToolResultPart | OpaquePart {
  switch (block["type"]) {
    case "text":
      return {
        type: "text",
        text: textAt(block["text"], `${path}.text`),
        ...ownedBy(without(block, "type", "text", "citations")),
      };
    case "image":
    case "document":
      return readFile(block, path);
    case "tool_result": {
      const id = stringOf(block["tool_use_id"]);
      if (!id) throw refusedField(`${path}.tool_use_id`, "the id of a call", block["tool_use_id"]);
      return {
        type: "tool-result",
        id,
        name: "unknown", // until `nameResults` has looked its call up
        output: readOutputOf(block["content"], `${path}.content`),
        ...(block["is_error"] === true && { isError: true }),
        ...ownedBy(without(block, "type", "tool_use_id", "content", "is_error")),
      };
    }
    default:
      return { type: "opaque", kind: stringOf(block["type"]) ?? "", providerData: { [owner]: without(block, "type") } };
  }
}

function readOutputOf(content: Json | undefined, path: string): string | ToolOutputPart[] {
  if (content == null) return "";
  if (typeof content === "string") return content;
  return itemsAt(content, path).map((item, place) => {
    const part = readUserBlock(blockAt(item, `${path}.${place}`), `${path}.${place}`);
    if (part.type === "text" || part.type === "file") return part;
    return { type: "json", value: item };
  });
}

function readTool(item: Json, place: number): Tool {
  const path = `tools.${place}`;
  const tool = objectOf(item);
  if (!tool) throw refusedField(path, "an object", item);
  const type = stringOf(tool["type"]);
  const name = stringOf(tool["name"]);
  if (type !== undefined && type !== "custom") {
    const options = without(tool, "type", "name", "cache_control");
    const marked = ownedBy(tool["cache_control"] == null ? {} : { cache_control: tool["cache_control"] });
    const named: ProviderTool = {
      type: "provider",
      id: `${owner}.${type}`,
      ...(name !== undefined && { name }),
      ...marked,
    };
    return Object.keys(options).length > 0 ? { ...named, options } : named;
  }
  if (!name) throw refusedField(`${path}.name`, "a name", tool["name"]);
  const input = objectOf(tool["input_schema"]);
  if (!input) throw refusedField(`${path}.input_schema`, "a JSON Schema of the type object", tool["input_schema"]);
  const description = stringOf(tool["description"]);
  const read: Writable<FunctionTool> = { name, input };
  if (description !== undefined) read.description = description;
  if (typeof tool["strict"] === "boolean") read.strict = tool["strict"];
  return { ...read, ...ownedBy(without(tool, "type", "name", "description", "input_schema", "strict")) };
}

function readChoice(value: Json | undefined, request: Writable<ModelRequest>, own: Record<string, Json>): void {
  if (value == null) return;
  const choice = objectOf(value);
  switch (choice?.["type"]) {
    case "auto":
    case "none":
      request.toolChoice = choice["type"];
      break;
    case "any":
      request.toolChoice = "required";
      break;
    case "tool": {
      const name = stringOf(choice["name"]);
      if (!name) throw refusedField("tool_choice.name", "the name of a tool", choice["name"]);
      request.toolChoice = { name };
      break;
    }
    default:
      throw refusedField("tool_choice.type", "auto, any, tool or none", choice ? choice["type"] : value);
  }
  if (choice["disable_parallel_tool_use"] === true) own["tool_choice"] = without(choice);
}

function readText(value: Json, place: number): string {
  if (typeof value !== "string") throw refusedField(`stop_sequences.${place}`, "a text", value);
  return value;
}
