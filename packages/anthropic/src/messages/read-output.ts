import type { Json, JsonObject, OutputSchema, Reasoning } from "@plugboard/core";
import { numberAt } from "./fields.ts";
import { objectOf, refusedField, stringOf, without } from "@plugboard/wire";

/** What is read here, of our request. */
interface OutputRequest {
  reasoning?: Reasoning;
  output?: OutputSchema;
}

const levels: Readonly<Record<string, Reasoning>> = {
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "max",
  max: "max",
};

/** How much to think, and what to answer in. What our words cannot hold stays as it was written, for Anthropic. */
export function readOutput(asked: JsonObject, request: OutputRequest, own: Record<string, Json>): void {
  const config = objectOf(asked["output_config"]) ?? {};
  const effort = stringOf(config["effort"]);
  const thinking = objectOf(asked["thinking"]);
  const rest = without(config, "effort", "format");

  if (effort !== undefined && levels[effort] === undefined) {
    throw refusedField("output_config.effort", "low, medium, high, xhigh or max", effort);
  }
  switch (thinking?.["type"]) {
    case undefined:
      if (thinking)
        throw refusedField("thinking.type", "enabled, adaptive, disabled or between_tools", thinking["type"]);
      if (effort !== undefined) rest["effort"] = effort;
      break;
    case "disabled":
      request.reasoning = "none";
      if (effort !== undefined) rest["effort"] = effort;
      break;
    case "enabled": {
      const budgetTokens = numberAt(thinking, "budget_tokens", 1024, undefined, "thinking.");
      if (budgetTokens === undefined)
        throw refusedField("thinking.budget_tokens", "a whole number of at least 1024", null);
      request.reasoning = { budgetTokens };
      if (effort !== undefined) rest["effort"] = effort;
      break;
    }
    default:
      request.reasoning = levels[effort ?? "high"]!;
      if (effort === "xhigh") rest["effort"] = effort;
      // `display` is set anew when the request is written
      if (thinking!["type"] !== "adaptive" || thinking!["display"] === "omitted") own["thinking"] = without(thinking!);
  }

  const format = objectOf(config["format"]);
  if (format) {
    const schema = objectOf(format["schema"]);
    if (format["type"] !== "json_schema")
      throw refusedField("output_config.format.type", "json_schema", format["type"]);
    if (!schema) throw refusedField("output_config.format.schema", "a JSON Schema", format["schema"]);
    request.output = { schema };
  }
  if (Object.keys(rest).length > 0) own["output_config"] = rest;
}
