import type { Json, JsonObject, JsonSchema, ModelRequest } from "@plugboard/core";
import type { Writing } from "./writing.ts";
import { listOf, objectOf } from "@plugboard/wire";
import { warn } from "./writing.ts";

/** What Cohere does not hold an answer to: left out of the schema it is given. https://docs.cohere.com/docs/structured-outputs */
const unheld: ReadonlySet<string> = new Set(
  `minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minItems maxItems uniqueItems minLength maxLength minProperties
  maxProperties`.split(/\s+/),
);
const composition = ["anyOf", "oneOf", "allOf", "not", "if"];
const formats = new Set(["date-time", "uuid", "date", "time"]);

/**
 * How an answer in JSON is asked for: by a schema where Cohere takes it, by its JSON mode and words where not, and by words alone where
 * the mode is not to be had: beside tools and documents, and for anything but an object.
 *
 * @param beside - what the request has that the mode does not go with
 */
export function writeOutputFormat(
  { output }: ModelRequest,
  beside: "tools" | "documents" | undefined,
  messages: JsonObject[],
  writing: Writing,
): Record<string, Json> {
  if (!output) return {};
  const { schema, description } = output;
  const isObject = !schema || schema["type"] === "object";
  const why = beside
    ? `Cohere has no JSON mode beside ${beside}`
    : isObject
      ? undefined
      : "Cohere answers with objects alone";
  if (why !== undefined) {
    instruct(why, schema, description, messages, writing);
    return {};
  }
  if (!schema) {
    // Without a word of it in the messages, the model may write blanks until its limit.
    if (!/json/i.test(JSON.stringify(messages))) {
      instruct("Cohere's JSON mode wants to be told so", schema, description, messages, writing);
    }
    return { response_format: { type: "json_object" } };
  }
  const flaw = flawOf(schema);
  if (flaw !== undefined) {
    instruct(`Cohere cannot hold an answer to this schema (${flaw})`, schema, description, messages, writing);
    return { response_format: { type: "json_object" } };
  }
  const dropped = new Set<string>();
  const held = heldTo(schema, dropped);
  if (dropped.size > 0) {
    const names = [...dropped].map((name) => `\`${name}\``).join(", ");
    warn(writing, "adapted", "output.schema", `Cohere does not hold an answer to ${names}.`);
  }
  const told = description !== undefined && schema["description"] === undefined && { description };
  return { response_format: { type: "json_object", json_schema: { ...held, ...told } } };
}

function instruct(
  why: string,
  schema: JsonSchema | undefined,
  description: string | undefined,
  messages: JsonObject[],
  writing: Writing,
): void {
  warn(writing, "adapted", "output", `${why}; the form of the answer is asked for in an instruction.`);
  const about = description === undefined ? "" : ` What it is: ${description}`;
  const text = schema
    ? `Answer with JSON alone, that fits this JSON Schema.${about}\n${JSON.stringify(schema)}`
    : `Answer with JSON alone.${about}`;
  const place = messages.findIndex((message) => message["role"] !== "system");
  messages.splice(place < 0 ? messages.length : place, 0, { role: "system", content: text });
}

/** Why Cohere would refuse a schema, in a few words. */
function flawOf(value: Json | undefined): string | undefined {
  const schema = objectOf(value);
  if (!schema) return undefined;
  const composed = composition.find((name) => schema[name] !== undefined);
  if (composed !== undefined) return `\`${composed}\``;
  if (schema["type"] === "object" && listOf(schema["required"]).length === 0)
    return "an object without a required member";
  return schemasIn(schema).map(flawOf).find(Boolean);
}

/** A schema without what Cohere does not know. */
function heldTo(schema: JsonSchema, dropped: Set<string>): JsonObject {
  const held: Record<string, Json> = {};
  for (const [name, value] of Object.entries(schema)) {
    const unknownFormat = name === "format" && !(typeof value === "string" && formats.has(value));
    const looks = name === "pattern" && typeof value === "string" && /[$^]|\(\?[=!<]/.test(value);
    if (unheld.has(name) || unknownFormat || looks) dropped.add(name);
    else if (value !== undefined) held[name] = withinMember(name, value, dropped);
  }
  return held;
}

function withinMember(name: string, value: Json, dropped: Set<string>): Json {
  const object = objectOf(value);
  if (!object) return value;
  if (mapsOfSchemas.has(name)) {
    return Object.fromEntries(
      Object.entries(object).map(([key, schema]) => [
        key,
        objectOf(schema) ? heldTo(objectOf(schema)!, dropped) : schema,
      ]),
    );
  }
  return name === "items" || name === "additionalProperties" ? heldTo(object, dropped) : value;
}

const mapsOfSchemas: ReadonlySet<string> = new Set(["properties", "$defs", "definitions"]);

function schemasIn(schema: JsonSchema): (Json | undefined)[] {
  const maps = [...mapsOfSchemas].flatMap((name) => Object.values(objectOf(schema[name]) ?? {}));
  return [...maps, schema["items"], schema["additionalProperties"]];
}
