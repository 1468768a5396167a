import type { Json, JsonObject } from "@plugboard/core";

/** A JSON object, or `undefined` for anything else. */
export function objectOf(value: Json | undefined): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** The items of a list; none for anything else. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** A text, or `undefined` for anything else. */
export function stringOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A count, or `undefined` for anything else. */
export function countOf(value: Json | undefined): number | undefined {
  return typeof value === "number" && value >= 0 && Number.isFinite(value) ? value : undefined;
}

/** The members of an object, without some of them and without those that are not there. */
export function without(object: JsonObject, ...names: readonly string[]): Record<string, Json> {
  const rest: Record<string, Json> = {};
  for (const [name, value] of Object.entries(object)) {
    if (value !== undefined && !names.includes(name)) rest[name] = value;
  }
  return rest;
}

/** The members of an object that have these names. */
export function only(object: JsonObject, names: readonly string[]): Record<string, Json> {
  const some: Record<string, Json> = {};
  for (const [name, value] of Object.entries(object)) {
    if (value !== undefined && names.includes(name)) some[name] = value;
  }
  return some;
}
