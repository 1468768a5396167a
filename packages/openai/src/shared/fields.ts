import { ModelError } from "@plugboard/core";
import type { Json, JsonObject } from "@plugboard/core";

/** What a client sent is not what the protocol says; the field is named. */
export function refused(field: string, wanted: string, got: Json | undefined): ModelError {
  const shown = got === undefined ? "nothing" : JSON.stringify(got).slice(0, 80);
  return new ModelError(`\`${field}\` must be ${wanted}; it is ${shown}.`, { code: "invalid-request" });
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** An object, or a refusal that names where one was wanted. */
export function objectAt(value: Json | undefined, field: string): JsonObject {
  if (!isObject(value)) throw refused(field, "an object", value);
  return value;
}

export function listAt(value: Json | undefined, field: string): readonly Json[] {
  if (!isList(value)) throw refused(field, "a list", value);
  return value;
}

export function textAt(value: Json | undefined, field: string): string {
  if (typeof value !== "string") throw refused(field, "text", value);
  return value;
}

/** A text that may be left out, or null. */
export function optionalText(value: Json | undefined, field: string): string | undefined {
  return value === undefined || value === null ? undefined : textAt(value, field);
}

/** A number that may be left out, or null. */
export function optionalNumber(value: Json | undefined, field: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number") throw refused(field, "a number", value);
  return value;
}

/** A yes or no that may be left out, or null. */
export function optionalFlag(value: Json | undefined, field: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "boolean") throw refused(field, "true or false", value);
  return value;
}
