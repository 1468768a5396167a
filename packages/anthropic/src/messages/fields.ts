import type { Json, JsonObject } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { objectOf, stringOf } from "@plugboard/wire";

/** The items of a list. */
export function itemsAt(value: Json | undefined, path: string): readonly Json[] {
  if (!Array.isArray(value)) throw refused(path, "a list", value);
  return value as readonly Json[];
}

/** A content block. */
export function blockAt(value: Json, path: string): JsonObject {
  const block = objectOf(value);
  if (!block || !stringOf(block["type"])) throw refused(path, "an object with a `type`", value);
  return block;
}

/** The text of a block. */
export function textAt(block: JsonObject, path: string): string {
  const text = stringOf(block["text"]);
  if (text === undefined) throw refused(`${path}.text`, "a text", block["text"]);
  return text;
}

/** A member that is a number within a range, or `undefined` where there is none. */
export function numberAt(
  object: JsonObject,
  name: string,
  least: number,
  most: number = Infinity,
  before = "",
): number | undefined {
  const value = object[name];
  if (value == null) return undefined;
  if (typeof value === "number" && value >= least && value <= most) return value;
  throw refused(
    `${before}${name}`,
    most === Infinity ? `a number of at least ${least}` : `a number from ${least} to ${most}`,
    value,
  );
}

/** Says what is wrong with a field of a request, and what would be right. */
export function refused(field: string, wanted: string, got: Json | undefined): ModelError {
  const shown = got === undefined ? "not there" : JSON.stringify(got).slice(0, 80);
  return new ModelError(`${field}: must be ${wanted}; it is ${shown}.`, { code: "invalid-request" });
}
