import type { Json, JsonObject } from "@plugboard/core";
import { objectOf, refusedField, stringOf } from "@plugboard/wire";

/** A content block. */
export function blockAt(value: Json, path: string): JsonObject {
  const block = objectOf(value);
  if (!block || !stringOf(block["type"])) throw refusedField(path, "an object with a `type`", value);
  return block;
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
  const wanted = most === Infinity ? `a number of at least ${least}` : `a number from ${least} to ${most}`;
  throw refusedField(`${before}${name}`, wanted, value);
}
