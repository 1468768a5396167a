import type { Json, JsonObject, Message, OutputSchema, Tool, ToolChoice } from "@plugboard/core";
import { itemsAt, objectAt, optionalFlag, optionalNumber, optionalText, refusedField, textAt } from "@plugboard/wire";
import type { ServedRequest } from "@plugboard/wire";
import { readEffort } from "../shared/effort.ts";
import { isList, isObject } from "../shared/fields.ts";
import { present } from "../shared/present.ts";
import type { ItemShelf } from "./item-shelf.ts";
import { readInput } from "./read-input.ts";

/** What a client of the protocol asked, and what of it an answer repeats. */
export interface ServedResponsesRequest extends ServedRequest {
  /** Members of the request that are members of the answer too. */
  readonly echo: JsonObject;
  /** Whether the client bears that its answer is kept, and may refer to it. */
  readonly keep: boolean;
}

/** Members of a request that only a server that keeps conversations can follow. */
const kept = ["previous_response_id", "conversation", "background", "prompt"];

const repeated = `instructions max_output_tokens max_tool_calls metadata parallel_tool_calls prompt_cache_key reasoning
  safety_identifier service_tier temperature text tool_choice tools top_logprobs top_p truncation user`.split(/\s+/);

/**
 * A request that a client sent, in our words. Members that we have no word for are in `providerOptions`, as they came.
 *
 * @param items - those that may be referred to
 * @throws {ModelError} `invalid-request` that names the field and the accepted values
 */
export function readResponsesRequest(body: Json, items?: Pick<ItemShelf, "find">): ServedResponsesRequest {
  const whole = objectAt(body, "body");
  const sent = Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== null));
  for (const name of kept) {
    if (sent[name] !== undefined && sent[name] !== false)
      throw refusedField(name, "left out: nothing is kept here, so send the whole conversation as input", sent[name]);
  }
  const {
    model,
    input,
    instructions,
    tools,
    tool_choice: choice,
    text,
    reasoning,
    max_output_tokens: limit,
    temperature,
    top_p: topP,
    stream,
    background: _,
    ...others
  } = sent;

  const rules = optionalText(instructions, "instructions");
  const messages = readInput(input, items);
  const known = readTools(tools);
  const { toolChoice, own: chosen } = readToolChoice(choice, known);
  const { format, ...manner } = text === undefined ? {} : objectAt(text, "text");
  const { effort, ...thinking } = reasoning === undefined ? {} : objectAt(reasoning, "reasoning");
  const own = {
    ...others,
    ...someOf("text", manner),
    ...someOf("reasoning", thinking),
    ...(chosen && { tool_choice: chosen }),
  };
  const settings = present({
    tools: known,
    toolChoice,
    output: readFormat(format),
    maxOutputTokens: optionalNumber(limit, "max_output_tokens"),
    temperature: optionalNumber(temperature, "temperature"),
    topP: optionalNumber(topP, "top_p"),
    reasoning: readEffort(effort, "reasoning.effort"),
    stream: optionalFlag(stream, "stream"),
    providerOptions: Object.keys(own).length > 0 ? { openai: own } : undefined,
  });
  const conversation: Message[] = rules === undefined ? messages : [{ role: "system", content: rules }, ...messages];
  return {
    model: textAt(model, "model"),
    request: { messages: conversation, ...settings },
    keep: sent["store"] !== false,
    echo: {
      ...Object.fromEntries(repeated.flatMap((name) => (name in sent ? [[name, sent[name]!]] : []))),
      ...(isList(tools) && { tools: tools.map(filledIn) }),
    },
  };
}

/** A tool as an answer repeats it: with what was left out. */
function filledIn(tool: Json): Json {
  if (!isObject(tool) || tool["type"] !== "function") return tool;
  return { ...tool, parameters: tool["parameters"] ?? null, strict: tool["strict"] ?? false };
}

function someOf(name: string, members: JsonObject): JsonObject {
  return Object.values(members).some((value) => value !== null && value !== undefined) ? { [name]: members } : {};
}

function readFormat(format: Json | undefined): OutputSchema | undefined {
  if (format === undefined || format === null) return undefined;
  const { type, name, description, schema } = objectAt(format, "text.format");
  if (type === "text") return undefined;
  if (type === "json_object") return {};
  if (type !== "json_schema") throw refusedField("text.format.type", "text, json_object or json_schema", type);
  const described = optionalText(description, "text.format.description");
  return {
    name: textAt(name, "text.format.name"),
    ...(described !== undefined && { description: described }),
    schema: objectAt(schema, "text.format.schema"),
  };
}

function readTools(tools: Json | undefined): readonly Tool[] | undefined {
  if (tools === undefined) return undefined;
  return itemsAt(tools, "tools").map((value, place) => readTool(objectAt(value, `tools[${place}]`), `tools[${place}]`));
}

function readTool({ type, ...tool }: JsonObject, path: string): Tool {
  const kind = textAt(type, `${path}.type`);
  if (kind === "custom") {
    const { name, ...options } = tool;
    return {
      type: "provider",
      id: "openai.custom",
      name: textAt(name, `${path}.name`),
      ...(Object.keys(options).length > 0 && { options }),
    };
  }
  if (kind !== "function") {
    // Several servers of one kind are told apart by their labels.
    const label = tool["server_label"];
    return {
      type: "provider",
      id: `openai.${kind}`,
      ...(kind === "mcp" && typeof label === "string" && { name: label }),
      ...(Object.keys(tool).length > 0 && { options: tool }),
    };
  }
  const { name, description, parameters, strict, ...others } = tool;
  const described = optionalText(description, `${path}.description`);
  return {
    name: textAt(name, `${path}.name`),
    ...(described !== undefined && { description: described }),
    input:
      parameters === undefined || parameters === null
        ? { type: "object", properties: {} }
        : objectAt(parameters, `${path}.parameters`),
    ...(typeof strict === "boolean" && { strict }),
    ...(Object.keys(others).length > 0 && { providerData: { openai: others } }),
  };
}

/** Ours, or one that only OpenAI has a word for. */
function readToolChoice(
  choice: Json | undefined,
  tools: readonly Tool[] = [],
): { readonly toolChoice?: ToolChoice; readonly own?: JsonObject } {
  if (choice === undefined) return {};
  if (choice === "auto" || choice === "none" || choice === "required") return { toolChoice: choice };
  if (!isObject(choice)) throw refusedField("tool_choice", "auto, none, required or an object", choice);
  const { type, name } = choice;
  if (type === "function" || type === "custom") return { toolChoice: { name: textAt(name, "tool_choice.name") } };
  textAt(type, "tool_choice.type");
  return tools.length > 0 ? { own: choice } : {};
}
