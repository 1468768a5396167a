import type { Json, JsonSchema } from "@plugboard/core";
import { listOf, objectOf, stringOf } from "./narrow.ts";

/** A schema that Claude can be held to, and what had to change. */
export interface StrictSchema {
  readonly schema: JsonSchema;
  /** Keywords that now stand in the descriptions alone. */
  readonly told: readonly string[];
}

// https://platform.claude.com/docs/en/build-with-claude/structured-outputs, read in November 2026.
const kept = new Set(["type", "enum", "const", "title", "description", "default", "$ref", "required", "minItems"]);
const formats = new Set(["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"]);
const openMaps = ["patternProperties", "propertyNames", "unevaluatedProperties", "dependentSchemas"];
const silent = new Set([
  "$schema",
  "$id",
  "$comment",
  "examples",
  "additionalProperties",
  "deprecated",
  "readOnly",
  "writeOnly",
]);

/** How much a request may still hold a model to: it is counted down. */
export interface StrictRoom {
  schemas: number;
  /** Members of objects that may be left out. */
  optional: number;
  /** Members and items that are one of several things. */
  unions: number;
}

/** What Anthropic takes in one request, over all its strict tools and its answer. */
export function strictRoom(): StrictRoom {
  return { schemas: 20, optional: 24, unions: 16 };
}

/**
 * The schema in the subset that Anthropic's structured outputs know, and so those of Bedrock: objects are closed, and limits of
 * length and size are told in the description. `undefined` for what the subset cannot say: open maps, values of any kind, recursion,
 * references to elsewhere; and for what there is no room for.
 *
 * @param room - of the request: what the schema takes of it is taken away
 */
export function strictSchema(schema: JsonSchema, room?: StrictRoom): StrictSchema | undefined {
  const strict = inSubset(schema);
  if (!strict || !room) return strict;
  const { optional, unions } = sizeOf(strict.schema);
  if (room.schemas < 1 || room.optional < optional || room.unions < unions) return undefined;
  room.schemas--;
  room.optional -= optional;
  room.unions -= unions;
  return strict;
}

function inSubset(schema: JsonSchema): StrictSchema | undefined {
  const told = new Set<string>();
  const definitions = { ...objectOf(schema["$defs"]), ...objectOf(schema["definitions"]) };
  if (recursive(schema, definitions)) return undefined;
  try {
    const strict = narrow(schema, told);
    const names = Object.keys(definitions);
    const withDefinitions =
      names.length === 0
        ? strict
        : {
            ...strict,
            $defs: Object.fromEntries(names.map((name) => [name, narrow(definitions[name] ?? null, told)])),
          };
    return { schema: withDefinitions, told: [...told] };
  } catch (error) {
    if (error === inexpressible) return undefined;
    throw error;
  }
}

const inexpressible = new Error("The schema is outside the subset.");

function narrow(value: Json, told: Set<string>): JsonSchema {
  const schema = objectOf(value);
  if (!schema) throw inexpressible; // `true` is any value
  if (openMaps.some((name) => schema[name] !== undefined)) throw inexpressible;

  const strict: Record<string, Json> = {};
  const remarks: string[] = [];
  for (const [name, member] of Object.entries(schema)) {
    if (member === undefined || silent.has(name) || name === "$defs" || name === "definitions") continue;
    if (name === "properties") {
      const properties = Object.entries(objectOf(member) ?? {});
      strict["properties"] = Object.fromEntries(
        properties.map(([key, property]) => [key, narrow(property ?? null, told)]),
      );
    } else if (name === "items") strict["items"] = narrow(member, told);
    else if (name === "anyOf" || name === "allOf" || name === "oneOf") {
      strict[name === "oneOf" ? "anyOf" : name] = listOf(member).map((branch) => narrow(branch, told));
    } else if (name === "$ref") {
      const reference = stringOf(member) ?? "";
      if (!/^#\/(\$defs|definitions)\/[^/]+$/.test(reference)) throw inexpressible;
      strict["$ref"] = reference.replace("#/definitions/", "#/$defs/");
    } else if (name === "format" && formats.has(stringOf(member) ?? "")) strict["format"] = member;
    else if (kept.has(name) && !(name === "minItems" && Number(member) > 1)) strict[name] = member;
    else {
      told.add(name);
      remarks.push(`${name}: ${JSON.stringify(member)}`);
    }
  }

  const types = new Set([schema["type"]].flat());
  if (types.has("object") || strict["properties"]) closeObject(schema, strict);
  if (types.has("array") && !strict["items"]) throw inexpressible;
  const says = ["type", "enum", "const", "$ref", "anyOf", "allOf", "properties"].some(
    (name) => strict[name] !== undefined,
  );
  if (!says) throw inexpressible;
  if (remarks.length > 0) {
    strict["description"] = [stringOf(schema["description"]), `{${remarks.join(", ")}}`].filter(Boolean).join("\n\n");
  }
  return strict;
}

function closeObject(schema: JsonSchema, strict: Record<string, Json>): void {
  const rest = schema["additionalProperties"];
  const closed = rest === false || (rest === undefined && strict["properties"] !== undefined);
  if (!closed) throw inexpressible;
  strict["additionalProperties"] = false;
}

/** What a strict schema takes of the room: each definition once. */
function sizeOf(schema: Json): { readonly optional: number; readonly unions: number } {
  const object = objectOf(schema);
  if (!object) return { optional: 0, unions: 0 };
  const required = new Set(listOf(object["required"]));
  const properties = Object.keys(objectOf(object["properties"]) ?? {});
  let optional = properties.filter((name) => !required.has(name)).length;
  let unions = object["anyOf"] !== undefined || Array.isArray(object["type"]) ? 1 : 0;
  for (const [name, member] of Object.entries(object)) {
    const inner =
      name === "properties" || name === "$defs"
        ? Object.values(objectOf(member) ?? {})
        : parts.has(name)
          ? [member].flat()
          : [];
    for (const part of inner) {
      const size = sizeOf(part as Json);
      optional += size.optional;
      unions += size.unions;
    }
  }
  return { optional, unions };
}

const parts = new Set(["items", "anyOf", "allOf"]);

/**
 * Whether following the references comes back to a definition that is still open.
 *
 * @param passed - definitions that do not: each is looked into once, since they may double with every step
 */
function recursive(
  schema: Json,
  definitions: Record<string, Json | undefined>,
  above: readonly string[] = [],
  passed = new Set<string>(),
): boolean {
  if (Array.isArray(schema)) {
    return (schema as readonly Json[]).some((item) => recursive(item, definitions, above, passed));
  }
  const object = objectOf(schema);
  if (!object) return false;
  const reference = stringOf(object["$ref"]);
  if (reference === "#") return true;
  if (reference !== undefined) {
    const name = reference.replace(/^#\/(\$defs|definitions)\//, "");
    if (above.includes(name)) return true;
    if (passed.has(name)) return false;
    if (recursive(definitions[name] ?? null, definitions, [...above, name], passed)) return true;
    passed.add(name);
    return false;
  }
  return Object.entries(object).some(
    ([name, member]) =>
      name !== "$defs" && name !== "definitions" && recursive(member ?? null, definitions, above, passed),
  );
}
