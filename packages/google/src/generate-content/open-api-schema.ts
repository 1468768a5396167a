import type { Json, JsonObject, JsonSchema } from "@plugboard/core";
import type { GeminiSchema } from "./schema-remarks.ts";
import { listOf, objectOf, stringOf } from "@plugboard/wire";
import { exclusive, tell } from "./schema-remarks.ts";

/**
 * The schema in Google's own kind, which every model takes: a subset of OpenAPI's. References are written out. `undefined` for what it
 * cannot say: open maps, tuples, values of any kind, recursion, lists of numbers to choose from; and for one that would grow huge.
 */
export function openApiSchema(schema: JsonSchema): GeminiSchema | undefined {
  const compiler = new Compiler(schema);
  try {
    return { schema: compiler.compile(schema, []), told: [...compiler.told] };
  } catch (error) {
    if (error === inexpressible) return undefined;
    throw error;
  }
}

const inexpressible = new Error("The schema is outside the subset.");

const silent: ReadonlySet<string> = new Set([
  "$schema",
  "$id",
  "$comment",
  "$defs",
  "definitions",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
  "additionalProperties",
  "required",
  "type",
  "default",
]);

/** Schemas that are written out at most: definitions that use each other twice double with every step. */
const most = 5000;

/** Keywords that say the same in both. */
const same: ReadonlySet<string> = new Set([
  "title",
  "description",
  "minItems",
  "maxItems",
  "minLength",
  "maxLength",
  "pattern",
  "minProperties",
  "maxProperties",
  "minimum",
  "maximum",
]);

class Compiler {
  readonly told: Set<string> = new Set();
  readonly #definitions: JsonObject;
  #written = 0;

  constructor(root: JsonSchema) {
    this.#definitions = { ...objectOf(root["definitions"]), ...objectOf(root["$defs"]) };
  }

  /** @param above - the references that led here */
  compile(value: Json | undefined, above: readonly string[]): Record<string, Json> {
    const given = objectOf(value);
    if (!given) throw inexpressible; // `true` is any value
    if (++this.#written > most) throw inexpressible;
    const reference = stringOf(given["$ref"]);
    if (reference !== undefined) {
      const name = /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(reference)?.[1];
      if (name === undefined || above.includes(name)) throw inexpressible;
      const { $ref: _, ...rest } = given;
      return this.compile({ ...objectOf(this.#definitions[name]), ...rest }, [...above, name]);
    }
    const all = listOf(given["allOf"]);
    if (all.length > 0) {
      if (all.length > 1) throw inexpressible;
      const { allOf: _, ...rest } = given;
      return this.compile({ ...objectOf(all[0]), ...rest }, above);
    }
    const branches = [...listOf(given["anyOf"]), ...listOf(given["oneOf"])];
    if (branches.length > 0) return this.#union(given, branches, above);
    const types = [given["type"]].flat().filter((type) => type !== undefined) as readonly string[];
    if (types.length > 1)
      return this.#union(
        given,
        types.map((type) => ({ ...given, type })),
        above,
        true,
      );
    return this.#plain(given, typeOf(given, types[0]), above);
  }

  /** `anyOf` must stand alone, so what stands beside it goes to the branches; null is a flag. */
  #union(schema: JsonObject, branches: readonly Json[], above: readonly string[], whole = false): Record<string, Json> {
    const { anyOf: _, oneOf: __, description, title: ___, default: ____, ...rest } = schema;
    if (!whole && Object.keys(rest).some((name) => !silent.has(name) || name === "type")) throw inexpressible;
    const real = branches.filter((branch) => !isNull(branch));
    const compiled = real.map((branch) => this.compile(branch, above));
    if (description !== undefined) for (const branch of compiled) branch["description"] ??= description;
    const [first] = compiled;
    if (!first) return { type: "NULL" };
    if (real.length < branches.length) for (const branch of compiled) branch["nullable"] = true;
    return compiled.length === 1 ? first : { anyOf: compiled };
  }

  #plain(schema: JsonObject, type: string, above: readonly string[]): Record<string, Json> {
    const strict: Record<string, Json> = { type: type.toUpperCase() };
    const remarks: string[] = [];
    for (const [name, member] of Object.entries(schema)) {
      if (member === undefined || silent.has(name)) continue;
      if (same.has(name)) strict[name] = member;
      else if (name === "enum" || name === "const") this.#choice(name === "const" ? [member] : listOf(member), strict);
      else if (name === "properties") strict["properties"] = this.#properties(member, above);
      else if (name === "items") strict["items"] = this.compile(member, above);
      else if (name === "format" && (member === "date-time" || type !== "string")) keepFormat(member, strict);
      else if (openMaps.has(name)) throw inexpressible;
      else if (!exclusive(name, member, type, strict)) {
        this.told.add(name);
        remarks.push(`${name}: ${JSON.stringify(member)}`);
      }
    }
    if (type === "object") this.#closed(schema, strict);
    if (type === "object" && schema["additionalProperties"] === true) {
      this.told.add("additionalProperties");
      remarks.push("additionalProperties: true");
    }
    if (type === "array" && !strict["items"]) throw inexpressible;
    tell(schema, remarks, strict);
    return strict;
  }

  #properties(member: Json, above: readonly string[]): Record<string, Json> {
    const properties = Object.entries(objectOf(member) ?? {});
    return Object.fromEntries(properties.map(([name, property]) => [name, this.compile(property, above)]));
  }

  /** Objects are what their properties say; one without any is refused by Google. */
  #closed(schema: JsonObject, strict: Record<string, Json>): void {
    const names = Object.keys(objectOf(strict["properties"]) ?? {});
    if (names.length === 0 || objectOf(schema["additionalProperties"])) throw inexpressible;
    const required = listOf(schema["required"]).filter((name) => names.includes(name as string));
    if (required.length > 0) strict["required"] = required;
    strict["propertyOrdering"] = names;
  }

  #choice(values: readonly Json[], strict: Record<string, Json>): void {
    const texts = values.filter((value) => value !== null);
    if (texts.length === 0 || !texts.every((value) => typeof value === "string" && value !== "")) throw inexpressible;
    strict["enum"] = texts;
    if (texts.length < values.length) strict["nullable"] = true;
  }
}

const openMaps: ReadonlySet<string> = new Set(["patternProperties", "propertyNames", "prefixItems"]);

function typeOf(schema: JsonObject, told: string | undefined): string {
  if (told !== undefined) return told.toLowerCase(); // as Google writes them, they come in capitals
  if (schema["properties"] !== undefined) return "object";
  if (schema["items"] !== undefined) return "array";
  if (schema["enum"] !== undefined || schema["const"] !== undefined) return "string";
  throw inexpressible;
}

function isNull(value: Json): boolean {
  const schema = objectOf(value);
  return stringOf(schema?.["type"])?.toLowerCase() === "null" || schema?.["const"] === null;
}

/** Google knows the widths of numbers alone, which JSON Schema has no use for. */
function keepFormat(format: Json, strict: Record<string, Json>): void {
  if (["date-time", "float", "double", "int32", "int64"].includes(format as string)) strict["format"] = format;
}
