import { ModelError } from "@plugboard/core";
import type { FilePart, Json, JsonObject } from "@plugboard/core";
import { fromBase64 } from "./base64.ts";
import { objectOf } from "./narrow.ts";

/** What a client sent is not what the protocol says; the field is named. */
export function refusedField(field: string, wanted: string, got: Json | undefined): ModelError {
  const shown = got === undefined ? "nothing" : JSON.stringify(got).slice(0, 80);
  return new ModelError(`\`${field}\` must be ${wanted}; it is ${shown}.`, { code: "invalid-request" });
}

/** @throws {ModelError} `invalid-request` for anything but an object */
export function objectAt(value: Json | undefined, field: string): JsonObject {
  const object = objectOf(value);
  if (!object) throw refusedField(field, "an object", value);
  return object;
}

/** The items of a list. @throws {ModelError} `invalid-request` for anything else, nothing at all too */
export function itemsAt(value: Json | undefined, field: string): readonly Json[] {
  if (!Array.isArray(value)) throw refusedField(field, "a list", value);
  return value as readonly Json[];
}

/** The items of a list; none where it is left out, or null. @throws {ModelError} `invalid-request` for anything else */
export function listAt(value: Json | undefined, field: string): readonly Json[] {
  return value === undefined || value === null ? [] : itemsAt(value, field);
}

/** @throws {ModelError} `invalid-request` for anything but a text */
export function textAt(value: Json | undefined, field: string): string {
  if (typeof value !== "string") throw refusedField(field, "a text", value);
  return value;
}

/** A text that may be left out, or null. @throws {ModelError} `invalid-request` for anything else */
export function optionalText(value: Json | undefined, field: string): string | undefined {
  return value === undefined || value === null ? undefined : textAt(value, field);
}

/** A name: a text that is not empty. @throws {ModelError} `invalid-request` for anything else */
export function nameAt(value: Json | undefined, field: string): string {
  if (typeof value !== "string" || value === "") throw refusedField(field, "a name", value);
  return value;
}

/** A number that may be left out, or null. @throws {ModelError} `invalid-request` for anything else */
export function optionalNumber(value: Json | undefined, field: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number") throw refusedField(field, "a number", value);
  return value;
}

/** A yes or no that may be left out, or null. @throws {ModelError} `invalid-request` for anything else */
export function optionalFlag(value: Json | undefined, field: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "boolean") throw refusedField(field, "true or false", value);
  return value;
}

/** @throws {ModelError} `invalid-request` for anything but base64 */
export function bytesAt(value: Json | undefined, field: string): Uint8Array<ArrayBuffer> {
  try {
    return fromBase64(textAt(value, field));
  } catch {
    throw refusedField(field, "base64", typeof value === "string" ? value.slice(0, 20) : value);
  }
}

/**
 * A file by its URL: a `data:` URL becomes bytes of the type that it tells, any other is passed on.
 *
 * @param mediaType - of one that does not tell
 * @throws {ModelError} `invalid-request` for what is no URL
 */
export function fileAt(value: Json | undefined, field: string, mediaType: string): FilePart {
  const url = textAt(value, field);
  const inline = /^data:([^;,]+)(?:;[^;,]+)*;base64,/.exec(url);
  if (inline) return { type: "file", mediaType: inline[1]!, data: bytesAt(url.slice(inline[0].length), field) };
  const data = URL.parse(url);
  if (!data) throw refusedField(field, "a URL", url);
  return { type: "file", mediaType, data };
}
