import type { FunctionTool, Json, JsonObject, ModelRequest, Reasoning } from "@plugboard/core";
import type { ServedRequest } from "@plugboard/wire";
import {
  functionToolAt,
  listAt,
  nameAt,
  objectAt,
  objectOf,
  optionalFlag,
  optionalNumber,
  refusedField,
  textAt,
} from "@plugboard/wire";
import { owner } from "../account.ts";
import { readMessages } from "./read-messages.ts";
import { settingNames } from "./settings.ts";

/** What has a place in our request; anything else in the body is handed on to a Cohere behind it. */
const known: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "tools",
  "strict_tools",
  "tool_choice",
  "response_format",
  "max_tokens",
  "stop_sequences",
  "thinking",
  "stream",
  ...Object.values(settingNames),
]);

/**
 * What a client of Cohere asks, in our words.
 *
 * @throws {ModelError} `invalid-request` that names the field
 */
export function readRequest(body: Json): ServedRequest {
  const asked = objectAt(body, "body");
  const tools = readTools(asked);
  const reasoning = readThinking(asked["thinking"]);
  const toolChoice = readChoice(asked["tool_choice"]);
  const own: Record<string, Json> = {};
  for (const [name, value] of Object.entries(asked)) {
    if (!known.has(name) && value !== undefined) own[name] = value;
  }
  const request: ModelRequest = {
    messages: readMessages(asked["messages"]),
    stream: optionalFlag(asked["stream"], "stream") ?? false,
    ...readSettings(asked),
    ...(tools.length > 0 && { tools }),
    ...(toolChoice && { toolChoice }),
    ...(reasoning !== undefined && { reasoning }),
    ...readFormat(asked["response_format"]),
    ...(Object.keys(own).length > 0 && { providerOptions: { [owner]: own } }),
  };
  return { model: nameAt(asked["model"], "model"), request };
}

function readSettings(asked: JsonObject): Partial<ModelRequest> {
  const settings: Record<string, number | string[]> = {};
  const most = optionalNumber(asked["max_tokens"], "max_tokens");
  if (most !== undefined) settings["maxOutputTokens"] = most;
  for (const [name, wireName] of Object.entries(settingNames)) {
    const value = optionalNumber(asked[wireName], wireName);
    if (value !== undefined) settings[name] = value;
  }
  const stop = listAt(asked["stop_sequences"], "stop_sequences");
  if (stop.length > 0) settings["stop"] = stop.map((text, place) => textAt(text, `stop_sequences[${place}]`));
  return settings;
}

function readTools(asked: JsonObject): FunctionTool[] {
  const strict = optionalFlag(asked["strict_tools"], "strict_tools") === true;
  return listAt(asked["tools"], "tools").map((tool, place) =>
    readTool(objectOf(tool)?.["function"], `tools[${place}].function`, strict),
  );
}

function readTool(tool: Json | undefined, path: string, strict: boolean): FunctionTool {
  const read = functionToolAt(tool, path);
  return strict ? { ...read, strict } : read;
}

function readChoice(choice: Json | undefined): "required" | "none" | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (choice === "REQUIRED") return "required";
  if (choice === "NONE") return "none";
  throw refusedField("tool_choice", "REQUIRED or NONE", choice);
}

/** Without a budget it may think without a bound. */
function readThinking(thinking: Json | undefined): Reasoning | undefined {
  if (thinking === undefined || thinking === null) return undefined;
  const { type, token_budget: budget } = objectAt(thinking, "thinking");
  if (type === "disabled") return "none";
  if (type !== "enabled") throw refusedField("thinking.type", "enabled or disabled", type);
  const budgetTokens = optionalNumber(budget, "thinking.token_budget");
  return budgetTokens === undefined ? "max" : { budgetTokens };
}

function readFormat(format: Json | undefined): Pick<ModelRequest, "output"> {
  if (format === undefined || format === null) return {};
  const { type, json_schema: schema } = objectAt(format, "response_format");
  if (type === "text") return {};
  if (type !== "json_object") throw refusedField("response_format.type", "text or json_object", type);
  return { output: schema == null ? {} : { schema: objectAt(schema, "response_format.json_schema") } };
}
