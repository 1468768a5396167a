import type {
  AssistantPart,
  FilePart,
  FunctionTool,
  Json,
  JsonObject,
  Message,
  ModelRequest,
  OpaquePart,
  OutputSchema,
  Reasoning,
  TextPart,
  Tool,
  ToolOutputPart,
  ToolResultPart,
} from "@plugboard/core";
import {
  itemsAt,
  listOf,
  objectAt,
  objectOf,
  optionalNumber,
  refusedField,
  stringOf,
  userMessages,
  without,
} from "@plugboard/wire";
import { camelCased } from "./camel-cased.ts";
import { jsonSchemaOf } from "./json-schema-of.ts";
import { owner, ownedBy, partOf } from "./messages.ts";

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** What a client asks, in our words; what the contract has no word for is in `providerOptions`. */
export function readRequest(body: Json, stream: boolean): { readonly model: string; readonly request: ModelRequest } {
  const asked = objectAt(camelCased(body), "body");
  const model = stringOf(asked["model"])?.replace(/^models\//, "");
  if (!model) throw refusedField("model", "a name: it stands in the path", asked["model"]);
  const contents = itemsAt(asked["contents"], "contents");
  const reader = new ContentReader();
  const messages = [
    ...readSystem(asked["systemInstruction"]),
    ...contents.flatMap((item, place) => reader.read(item, place)),
  ];
  const request: Writable<ModelRequest> = { messages };
  if (stream) request.stream = true;

  const own = without(asked, "model", "contents", "systemInstruction", "tools", "toolConfig", "generationConfig");
  if (asked["tools"] !== undefined) request.tools = itemsAt(asked["tools"], "tools").flatMap(readTools);
  const toolConfig = readChoice(objectOf(asked["toolConfig"]) ?? {}, request);
  const generationConfig = readConfig(objectOf(asked["generationConfig"]) ?? {}, request);
  if (Object.keys(toolConfig).length > 0) own["toolConfig"] = toolConfig;
  if (Object.keys(generationConfig).length > 0) own["generationConfig"] = generationConfig;
  if (Object.keys(own).length > 0) request.providerOptions = { [owner]: own };
  return { model, request };
}

function readSystem(value: Json | undefined): Message[] {
  if (value === undefined) return [];
  const parts = itemsAt(objectAt(value, "systemInstruction")["parts"], "systemInstruction.parts");
  return parts.map((part, place) => {
    const content = stringOf(objectOf(part)?.["text"]);
    if (content === undefined) throw refusedField(`systemInstruction.parts[${place}].text`, "a text", part);
    return { role: "system", content };
  });
}

interface KnownCall {
  readonly id: string;
  readonly name: string;
  readonly wireId: string | undefined;
}

/** Reads contents in order: results are told apart by the calls before them, which mostly have no ids. */
class ContentReader {
  #ids = 0;
  #open: KnownCall[] = [];

  read(item: Json, place: number): Message[] {
    const path = `contents[${place}]`;
    const content = objectAt(item, path);
    const parts = itemsAt(content["parts"] ?? [], `${path}.parts`).map((part, index) =>
      objectAt(part, `${path}.parts[${index}]`),
    );
    const role = content["role"] ?? "user";
    if (role === "model") return [{ role: "assistant", content: this.#readModel(parts) }];
    if (role === "user" || role === "function")
      return userMessages(parts.map((part, index) => this.#readUserPart(part, `${path}.parts[${index}]`)));
    throw refusedField(`${path}.role`, "user or model", role);
  }

  #readModel(parts: readonly JsonObject[]): AssistantPart[] {
    const read: AssistantPart[] = [];
    const context = { toolName: (name: string) => name, newId: () => `call_${this.#ids++}`, before: read };
    for (const part of parts) {
      const text = stringOf(part["text"]);
      if (text === undefined) {
        const made = partOf(part, context);
        read.push(made);
        if (made.type === "tool-call" && !made.executed) {
          const wireId = stringOf(objectOf(part["functionCall"])?.["id"]);
          this.#open.push({ id: made.id, name: made.name, wireId });
        }
      } else if (part["thought"] === true) read.push({ type: "reasoning", text, ...ownedBy(without(part, "text")) });
      else read.push({ type: "text", text, ...ownedBy(without(part, "text")) });
    }
    return read;
  }

  #readUserPart(part: JsonObject, path: string): TextPart | FilePart | ToolResultPart | OpaquePart {
    const text = stringOf(part["text"]);
    if (text !== undefined) return { type: "text", text, ...ownedBy(without(part, "text")) };
    const response = objectOf(part["functionResponse"]);
    if (response) return this.#readResult(response, path);
    const made = partOf(part, { toolName: (name) => name, newId: () => "", before: [] });
    if (made.type === "file" || made.type === "opaque") return made;
    throw refusedField(path, "a text, a file or a functionResponse", part);
  }

  #readResult(response: JsonObject, path: string): ToolResultPart {
    const name = stringOf(response["name"]);
    if (!name) throw refusedField(`${path}.functionResponse.name`, "the name of a tool", response["name"]);
    const wireId = stringOf(response["id"]);
    const byId = this.#open.findIndex((call) => wireId !== undefined && call.wireId === wireId);
    const index = byId >= 0 ? byId : this.#open.findIndex((call) => call.name === name);
    const [call] = index >= 0 ? this.#open.splice(index, 1) : [];
    const told = objectOf(response["response"]) ?? {};
    const isError = told["error"] !== undefined && told["output"] === undefined;
    const value = isError ? told["error"]! : (told["output"] ?? told["result"] ?? told);
    const files = listOf(response["parts"]).flatMap((part): FilePart[] => {
      const made = partOf(objectOf(part) ?? {}, { toolName: (tool) => tool, newId: () => "", before: [] });
      return made.type === "file" ? [made] : [];
    });
    return {
      type: "tool-result",
      id: call?.id ?? wireId ?? `call_${this.#ids++}`,
      name,
      output: outputOf(value, files),
      ...(isError && { isError }),
    };
  }
}

function outputOf(value: Json, files: readonly FilePart[]): string | ToolOutputPart[] {
  if (files.length === 0) return typeof value === "string" ? value : [{ type: "json", value }];
  const first: ToolOutputPart = typeof value === "string" ? { type: "text", text: value } : { type: "json", value };
  return value === "" ? [...files] : [first, ...files];
}

function readTools(item: Json, place: number): Tool[] {
  const path = `tools[${place}]`;
  return Object.entries(objectAt(item, path)).flatMap(([name, value]): Tool[] => {
    if (name === "functionDeclarations") {
      return itemsAt(value, `${path}.${name}`).map((declared, index) =>
        readDeclaration(declared, `${path}.${name}[${index}]`),
      );
    }
    const id = `${owner}.${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}` as const;
    const options = without(objectOf(value) ?? {});
    return [{ type: "provider", id, ...(Object.keys(options).length > 0 && { options }) }];
  });
}

function readDeclaration(item: Json, path: string): FunctionTool {
  const declared = objectAt(item, path);
  const name = stringOf(declared["name"]);
  if (!name) throw refusedField(`${path}.name`, "a name", declared["name"]);
  const description = stringOf(declared["description"]);
  const schema = objectOf(declared["parametersJsonSchema"]);
  const parameters = objectOf(declared["parameters"]);
  const input = schema ?? (parameters ? jsonSchemaOf(parameters) : { type: "object", properties: {} });
  const own = without(declared, "name", "description", "parameters", "parametersJsonSchema");
  return { name, ...(description !== undefined && { description }), input, ...ownedBy(own) };
}

/** @returns what our words cannot hold */
function readChoice(config: JsonObject, request: Writable<ModelRequest>): Record<string, Json> {
  const calling = objectOf(config["functionCallingConfig"]);
  const rest = without(config, "functionCallingConfig");
  if (!calling) return rest;
  const mode = stringOf(calling["mode"])?.toUpperCase() ?? "AUTO";
  const allowed = listOf(calling["allowedFunctionNames"]);
  switch (mode) {
    case "AUTO":
    case "MODE_UNSPECIFIED":
      request.toolChoice = "auto";
      break;
    case "NONE":
      request.toolChoice = "none";
      break;
    case "VALIDATED":
      request.tools = request.tools?.map((tool) => (tool.type === "provider" ? tool : { ...tool, strict: true })) ?? [];
      break;
    case "ANY": {
      const [only] = allowed;
      request.toolChoice = allowed.length === 1 && typeof only === "string" ? { name: only } : "required";
      break;
    }
    default:
      throw refusedField("toolConfig.functionCallingConfig.mode", "AUTO, ANY, NONE or VALIDATED", mode);
  }
  if (allowed.length > 1) rest["functionCallingConfig"] = without(calling);
  return rest;
}

const numbers = [
  "temperature",
  "topP",
  "topK",
  "maxOutputTokens",
  "presencePenalty",
  "frequencyPenalty",
  "seed",
] as const;

/** @returns what our words cannot hold */
function readConfig(config: JsonObject, request: Writable<ModelRequest>): Record<string, Json> {
  for (const name of numbers) {
    const value = optionalNumber(config[name], `generationConfig.${name}`);
    if (value !== undefined) request[name] = value;
  }
  const rest = without(config, ...numbers, "stopSequences", "thinkingConfig", "responseSchema", "responseJsonSchema");
  if (config["stopSequences"] !== undefined) {
    request.stop = itemsAt(config["stopSequences"], "generationConfig.stopSequences").map((text, place) => {
      if (typeof text !== "string") throw refusedField(`generationConfig.stopSequences[${place}]`, "a text", text);
      return text;
    });
  }
  const thinking = objectOf(config["thinkingConfig"]);
  const reasoning = thinking && reasoningOf(thinking);
  if (reasoning) {
    request.reasoning = reasoning;
    // Our adapter asks for thoughts to be shown: a client who did not is not shown any.
    const shown = thinking["includeThoughts"] === true || reasoning === "none";
    if (!shown) rest["thinkingConfig"] = { includeThoughts: false };
  } else if (thinking) rest["thinkingConfig"] = thinking;
  const output = outputSchemaOf(config);
  if (output) {
    request.output = output;
    delete rest["responseMimeType"];
  }
  return rest;
}

const levels: Readonly<Record<string, Reasoning>> = { MINIMAL: "minimal", LOW: "low", MEDIUM: "medium", HIGH: "high" };

/** Nothing where the model is to choose, with -1 or without a measure. */
function reasoningOf({ thinkingLevel, thinkingBudget }: JsonObject): Reasoning | undefined {
  const level = stringOf(thinkingLevel)?.toUpperCase();
  if (level !== undefined) {
    const known = levels[level];
    if (!known && level !== "THINKING_LEVEL_UNSPECIFIED") {
      throw refusedField("generationConfig.thinkingConfig.thinkingLevel", "MINIMAL, LOW, MEDIUM or HIGH", level);
    }
    return known;
  }
  if (typeof thinkingBudget !== "number" || thinkingBudget < 0) return undefined;
  return thinkingBudget === 0 ? "none" : { budgetTokens: thinkingBudget };
}

function outputSchemaOf(config: JsonObject): OutputSchema | undefined {
  const schema = objectOf(config["responseJsonSchema"]);
  if (schema) return { schema };
  const own = objectOf(config["responseSchema"]);
  if (own) return stringOf(config["responseMimeType"]) === "text/x.enum" ? undefined : { schema: jsonSchemaOf(own) };
  return config["responseMimeType"] === "application/json" ? {} : undefined;
}
