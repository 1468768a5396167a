import type { FunctionTool, Json, JsonObject, ModelRequest, ProviderTool, Reasoning, Tool } from "@plugboard/core";
import type { ServedRequest } from "@plugboard/wire";
import {
  listAt,
  nameAt,
  objectAt,
  objectOf,
  optionalNumber,
  parseJson,
  refusedField,
  stringOf,
  textAt,
  without,
} from "@plugboard/wire";
import { provider } from "../provider.ts";
import { readMessages, readSystem } from "./read-messages.ts";

/** What has a place in our request; anything else in the body is handed on to a Bedrock behind it. */
const known = [
  "model",
  "messages",
  "system",
  "inferenceConfig",
  "toolConfig",
  "outputConfig",
  "additionalModelRequestFields",
];

/**
 * What a client of the Converse API asks, in our words.
 *
 * @throws {ModelError} `invalid-request` that names the field
 */
export function readRequest(body: Json, stream: boolean): ServedRequest {
  const asked = objectAt(body, "body");
  const { fields, ...told } = readFields(
    optionalObject(asked["additionalModelRequestFields"], "additionalModelRequestFields"),
  );
  const { own: output, ...format } = readOutput(optionalObject(asked["outputConfig"], "outputConfig"));
  const own = {
    ...without(asked, ...known),
    ...(output && { outputConfig: output }),
    ...(Object.keys(fields).length > 0 && { additionalModelRequestFields: fields }),
  };
  const request: ModelRequest = {
    messages: [...readSystem(asked["system"]), ...readMessages(asked["messages"])],
    stream,
    ...readInference(optionalObject(asked["inferenceConfig"], "inferenceConfig")),
    ...readTools(optionalObject(asked["toolConfig"], "toolConfig")),
    ...told,
    ...format,
    ...(Object.keys(own).length > 0 && { providerOptions: { [provider]: own } }),
  };
  return { model: nameAt(asked["model"], "model"), request };
}

function optionalObject(value: Json | undefined, field: string): JsonObject {
  return value === undefined || value === null ? {} : objectAt(value, field);
}

function readInference({ maxTokens, temperature, topP, stopSequences }: JsonObject): Partial<ModelRequest> {
  const settings: Record<string, number | string[]> = {};
  const most = optionalNumber(maxTokens, "inferenceConfig.maxTokens");
  const hot = optionalNumber(temperature, "inferenceConfig.temperature");
  const share = optionalNumber(topP, "inferenceConfig.topP");
  const stop = listAt(stopSequences, "inferenceConfig.stopSequences");
  if (most !== undefined) settings["maxOutputTokens"] = most;
  if (hot !== undefined) settings["temperature"] = hot;
  if (share !== undefined) settings["topP"] = share;
  if (stop.length > 0) {
    settings["stop"] = stop.map((text, place) => textAt(text, `inferenceConfig.stopSequences[${place}]`));
  }
  return settings;
}

function readTools({ tools, toolChoice }: JsonObject): Pick<ModelRequest, "tools" | "toolChoice"> {
  const read: Tool[] = [];
  listAt(tools, "toolConfig.tools").forEach((item, place) => {
    const path = `toolConfig.tools[${place}]`;
    const { toolSpec, systemTool, cachePoint } = objectAt(item, path);
    if (cachePoint !== undefined) {
      const last = read.at(-1);
      const { type: _, ...mark } = objectOf(cachePoint) ?? {};
      if (last) read[read.length - 1] = { ...last, providerData: { [provider]: { cachePoint: mark } } };
      return;
    }
    read.push(
      systemTool === undefined
        ? readToolSpec(objectAt(toolSpec, `${path}.toolSpec`), `${path}.toolSpec`)
        : readSystemTool(objectAt(systemTool, `${path}.systemTool`), `${path}.systemTool`),
    );
  });
  const choice = readChoice(toolChoice);
  return { ...(read.length > 0 && { tools: read }), ...(choice !== undefined && { toolChoice: choice }) };
}

function readToolSpec({ name, description, inputSchema, strict }: JsonObject, path: string): FunctionTool {
  const told = stringOf(description);
  return {
    name: nameAt(name, `${path}.name`),
    ...(told !== undefined && { description: told }),
    input: objectAt(objectOf(inputSchema)?.["json"], `${path}.inputSchema.json`),
    ...(strict === true && { strict }),
  };
}

function readSystemTool({ name }: JsonObject, path: string): ProviderTool {
  return { type: "provider", id: `${provider}.${nameAt(name, `${path}.name`)}` };
}

function readChoice(choice: Json | undefined): ModelRequest["toolChoice"] {
  if (choice === undefined || choice === null) return undefined;
  const { auto, any, tool } = objectAt(choice, "toolConfig.toolChoice");
  if (auto) return "auto";
  if (any) return "required";
  if (tool) {
    return { name: nameAt(objectAt(tool, "toolConfig.toolChoice.tool")["name"], "toolConfig.toolChoice.tool.name") };
  }
  throw refusedField("toolConfig.toolChoice", "auto, any or tool", choice);
}

/** An answer by a schema, and what is said of the answer besides. */
function readOutput(config: JsonObject): Pick<ModelRequest, "output"> & { readonly own?: JsonObject } {
  const { textFormat, ...rest } = config;
  const own = Object.keys(rest).length > 0 ? { own: rest } : {};
  if (textFormat === undefined || textFormat === null) return own;
  const path = "outputConfig.textFormat.structure.jsonSchema";
  const { name, schema, description } = objectAt(objectOf(objectOf(textFormat)?.["structure"])?.["jsonSchema"], path);
  const [called, told] = [stringOf(name), stringOf(description)];
  return {
    ...own,
    output: {
      schema: readSchema(schema, `${path}.schema`),
      ...(called !== undefined && { name: called }),
      ...(told !== undefined && { description: told }),
    },
  };
}

function readSchema(value: Json | undefined, path: string): JsonObject {
  try {
    return objectAt(parseJson(textAt(value, path)), path);
  } catch {
    throw refusedField(path, "a JSON Schema as a text", value);
  }
}

const levels: ReadonlySet<Json | undefined> = new Set(["minimal", "low", "medium", "high", "max"]);

/** How hard to think and how widely to sample, as families of models are told; what else there is stays as it is. */
function readFields(given: JsonObject): Pick<ModelRequest, "reasoning" | "topK"> & { readonly fields: JsonObject } {
  const {
    thinking,
    output_config: effort,
    reasoningConfig,
    reasoning_effort,
    reasoning_config,
    top_k,
    ...rest
  } = given;
  const nested = objectOf(rest["inferenceConfig"])?.["topK"];
  const topK = optionalNumber(top_k ?? nested, "additionalModelRequestFields.top_k");
  const reasoning =
    readThinking(objectOf(thinking), objectOf(effort)?.["effort"]) ??
    readThinking(objectOf(reasoningConfig), objectOf(reasoningConfig)?.["maxReasoningEffort"]) ??
    levelOf(reasoning_effort) ??
    levelOf(reasoning_config);
  return {
    ...(reasoning !== undefined && { reasoning }),
    ...(topK !== undefined && { topK }),
    fields: without(rest, ...(nested === undefined ? [] : ["inferenceConfig"])),
  };
}

function readThinking(thinking: JsonObject | undefined, effort: Json | undefined): Reasoning | undefined {
  if (!thinking) return levelOf(effort);
  const { type, budget_tokens: budget } = thinking;
  if (type === "disabled") return "none";
  const budgetTokens = optionalNumber(budget, "additionalModelRequestFields.thinking.budget_tokens");
  return budgetTokens === undefined ? (levelOf(effort) ?? "high") : { budgetTokens };
}

function levelOf(value: Json | undefined): Exclude<Reasoning, object> | undefined {
  return levels.has(value) ? (value as Exclude<Reasoning, object>) : undefined;
}
