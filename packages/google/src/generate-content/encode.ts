import type { Json, JsonObject, ModelRequest, Warning } from "@plugboard/core";
import type { LegalNames } from "@plugboard/wire";
import type { Abilities } from "./abilities.ts";
import { ModelError } from "@plugboard/core";
import { mergeProviderOptions, warnTold } from "@plugboard/wire";
import { abilitiesOf } from "./abilities.ts";
import { narrowedSchema } from "./narrowed-schema.ts";
import { openApiSchema } from "./open-api-schema.ts";
import { owner } from "./messages.ts";
import { thinkingOf } from "./thinking.ts";
import { toolNames } from "./tool-names.ts";
import { wireToolsOf } from "./tools.ts";
import { conversationOf } from "./turns.ts";

/** A request in Google's words, and what its answer is to be read with. */
export interface EncodedRequest {
  readonly body: JsonObject;
  readonly warnings: readonly Warning[];
  readonly names: LegalNames;
  /** The model may think without a word of it. */
  readonly hiddenReasoning: boolean;
}

type Warn = (warning: Warning) => void;

/**
 * Writes a request, and tells what it adapted or dropped.
 *
 * @throws {ModelError} `unsupported` or `invalid-request`, naming the field
 */
export function encodeRequest(request: ModelRequest, model: string): EncodedRequest {
  if (request.suffix !== undefined) {
    throw new ModelError("`suffix`: Google's models do not fill in the middle.", { code: "unsupported" });
  }
  const warnings: Warning[] = [];
  const warn: Warn = (warning) => void warnings.push(warning);
  const abilities = abilitiesOf(model);
  const names = toolNames(request.tools);
  const { tools, config } = wireToolsOf(request, { abilities, names, warn });
  const format = formatOf(request, abilities, tools !== undefined, warn);
  const context = { abilities, toolName: names.toWire, warn, instruction: format.told };
  const { system, turns } = conversationOf(request.messages, context);
  const thinking = thinkingOf(request, abilities, warn);
  const generationConfig: Record<string, Json> = {
    ...samplingOf(request, abilities, warn),
    ...format.config,
    ...(thinking.config && { thinkingConfig: thinking.config }),
  };
  const body: JsonObject = {
    contents: turns.map(({ role, parts }) => ({ role, parts })),
    ...(system.length > 0 && { systemInstruction: { parts: system } }),
    ...(tools && { tools }),
    ...(config && { toolConfig: config }),
    ...(Object.keys(generationConfig).length > 0 && { generationConfig }),
  };
  return {
    body: mergeProviderOptions(body, request.providerOptions?.[owner]),
    warnings,
    names,
    hiddenReasoning: thinking.hidden,
  };
}

/** The penalties and limits of Google's, where they are narrower than ours. */
const highestTemperature = 2;
const mostStops = 5;
const largestSeed = 2 ** 31;

function samplingOf(request: ModelRequest, abilities: Abilities, warn: Warn): Record<string, Json> {
  const { temperature, topP, topK, maxOutputTokens, seed, stop = [] } = request;
  const config: Record<string, Json> = {
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(temperature !== undefined && { temperature: Math.min(temperature, highestTemperature) }),
    ...(topP !== undefined && { topP }),
    ...(topK !== undefined && { topK }),
    ...(stop.length > 0 && { stopSequences: stop.slice(0, mostStops) }),
  };
  if (temperature !== undefined && temperature > highestTemperature) {
    warn({ code: "adapted", path: "temperature", message: `The highest temperature is ${highestTemperature}.` });
  }
  if (stop.length > mostStops) {
    const message = `Google takes ${mostStops} stop sequences; the others are left out.`;
    warn({ code: "dropped", path: `stop[${mostStops}]`, message });
  }
  if (seed !== undefined) {
    if (seed >= -largestSeed && seed < largestSeed) config["seed"] = seed;
    else warn({ code: "dropped", path: "seed", message: "Google takes a seed of 32 bits." });
  }
  for (const name of ["presencePenalty", "frequencyPenalty"] as const) {
    if (request[name] === undefined) continue;
    if (abilities.penalties) config[name] = request[name];
    else warn({ code: "dropped", path: name, message: `The model takes no \`${name}\`.` });
  }
  return config;
}

interface Format {
  readonly config?: Record<string, Json>;
  /** What the model must be told of the form, where it cannot be held to it. */
  readonly told?: string;
}

/** How an answer in JSON is asked for: with a schema that Google holds the model to, or in words. */
function formatOf({ output }: ModelRequest, abilities: Abilities, withTools: boolean, warn: Warn): Format {
  if (!output) return {};
  const { schema, description } = output;
  const mode = { responseMimeType: "application/json" };
  if (!abilities.instructed || (withTools && !abilities.toolsWithJson)) {
    const why = abilities.instructed
      ? "The model takes no tools beside a form for its answer"
      : "The model takes no form for its answer";
    warn({ code: "adapted", path: "output", message: `${why}; it is told of it in words.` });
    return { told: instructionOf(schema, description) };
  }
  if (!schema) return { config: mode, ...(description !== undefined && { told: description }) };

  const described =
    description === undefined || schema["description"] !== undefined ? schema : { ...schema, description };
  const own = openApiSchema(described);
  if (own && (own.told.length === 0 || !abilities.jsonSchema)) {
    warnTold("Google", own.told, "output.schema", warn);
    return { config: { ...mode, responseSchema: own.schema } };
  }
  if (abilities.jsonSchema) {
    const narrowed = narrowedSchema(described);
    warnTold("Google", narrowed.told, "output.schema", warn);
    return { config: { ...mode, responseJsonSchema: narrowed.schema } };
  }
  const message = "Google cannot hold the model to this schema; it is told of it in words.";
  warn({ code: "adapted", path: "output.schema", message });
  return { config: mode, told: instructionOf(schema, description) };
}

function instructionOf(schema: JsonObject | undefined, description: string | undefined): string {
  const form = schema && `The JSON fits this JSON Schema: ${JSON.stringify(schema)}`;
  return [description, "Give your answer as JSON alone, without anything around it.", form].filter(Boolean).join("\n");
}
