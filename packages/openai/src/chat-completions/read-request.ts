import type { Json, JsonObject, ModelRequest, OutputSchema, Tool } from "@plugboard/core";
import { itemsAt, objectAt, optionalFlag, optionalNumber, optionalText, refusedField, textAt } from "@plugboard/wire";
import type { ServedRequest } from "@plugboard/wire";
import { readEffort } from "../shared/effort.ts";
import { isObject } from "../shared/fields.ts";
import { present } from "../shared/present.ts";
import { readSampling } from "../shared/read-sampling.ts";
import { readMessages } from "./read-messages.ts";

/** What a client of the protocol asked, and what of it is only about how the answer is written. */
export interface ServedChatRequest extends ServedRequest {
  /** It wants a chunk with the usage at the end of a stream. */
  readonly streamUsage: boolean;
}

type Choice = Pick<ModelRequest, "toolChoice" | "providerOptions">;

/**
 * A request that a client sent, in our words. Members that we have no word for are in `providerOptions`, as they came.
 *
 * @throws {ModelError} `invalid-request` that names the field and the accepted values
 */
export function readChatRequest(body: Json): ServedChatRequest {
  const {
    model,
    messages,
    tools,
    tool_choice: choice,
    response_format: format,
    max_completion_tokens: limit,
    max_tokens: oldLimit,
    reasoning_effort: effort,
    stream,
    stream_options: streaming,
    n,
    ...others
  } = objectAt(body, "body");

  if (n !== undefined && n !== null && n !== 1) throw refusedField("n", "1", n);
  for (const name of ["functions", "function_call"]) {
    if (name in others) throw refusedField(name, "left out: use tools and tool_choice", others[name]);
  }
  const { sampling, rest } = readSampling(others);
  const { toolChoice, providerOptions } = readToolChoice(choice);
  const own = { ...rest, ...providerOptions?.["openai"] };
  const settings = present({
    tools: readTools(tools),
    toolChoice,
    output: readFormat(format),
    maxOutputTokens: optionalNumber(limit, "max_completion_tokens") ?? optionalNumber(oldLimit, "max_tokens"),
    ...sampling,
    reasoning: readEffort(effort, "reasoning_effort"),
    stream: optionalFlag(stream, "stream"),
    providerOptions: Object.keys(own).length > 0 ? { openai: own } : undefined,
  });
  return {
    model: textAt(model, "model"),
    request: { messages: readMessages(messages), ...settings },
    streamUsage: isObject(streaming) && streaming["include_usage"] === true,
  };
}

function readFormat(format: Json | undefined): OutputSchema | undefined {
  if (format === undefined || format === null) return undefined;
  const { type, json_schema: wanted } = objectAt(format, "response_format");
  if (type === "text") return undefined;
  if (type === "json_object") return {};
  if (type !== "json_schema") throw refusedField("response_format.type", "text, json_object or json_schema", type);
  const { name, description, schema } = objectAt(wanted, "response_format.json_schema");
  const described = optionalText(description, "response_format.json_schema.description");
  return {
    name: textAt(name, "response_format.json_schema.name"),
    ...(described !== undefined && { description: described }),
    ...(schema !== undefined && { schema: objectAt(schema, "response_format.json_schema.schema") }),
  };
}

function readTools(tools: Json | undefined): readonly Tool[] | undefined {
  if (tools === undefined || tools === null) return undefined;
  return itemsAt(tools, "tools").map((value, place) => readTool(objectAt(value, `tools[${place}]`), `tools[${place}]`));
}

function readTool({ type, function: called, custom }: JsonObject, path: string): Tool {
  if (type === "custom") {
    const { name, ...options } = objectAt(custom, `${path}.custom`);
    const named = { type: "provider", id: "openai.custom", name: textAt(name, `${path}.custom.name`) } as const;
    return { ...named, ...(Object.keys(options).length > 0 && { options }) };
  }
  if (type !== "function") throw refusedField(`${path}.type`, "function or custom", type);
  const { name, description, parameters, strict } = objectAt(called, `${path}.function`);
  const described = optionalText(description, `${path}.function.description`);
  return {
    name: textAt(name, `${path}.function.name`),
    ...(described !== undefined && { description: described }),
    input:
      parameters === undefined || parameters === null
        ? { type: "object", properties: {} }
        : objectAt(parameters, `${path}.function.parameters`),
    ...(typeof strict === "boolean" && { strict }),
  };
}

/** A choice among several tools has no word of ours. */
function readToolChoice(choice: Json | undefined): Choice {
  if (choice === undefined || choice === null) return {};
  if (choice === "auto" || choice === "none" || choice === "required") return { toolChoice: choice };
  if (!isObject(choice)) throw refusedField("tool_choice", "auto, none, required or an object", choice);
  const { type } = choice;
  if (type === "allowed_tools") return { providerOptions: { openai: { tool_choice: choice } } };
  if (type !== "function" && type !== "custom")
    throw refusedField("tool_choice.type", "function, custom or allowed_tools", type);
  return {
    toolChoice: { name: textAt(objectAt(choice[type], `tool_choice.${type}`)["name"], `tool_choice.${type}.name`) },
  };
}
