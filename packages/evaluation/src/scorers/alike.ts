import type { Json, JsonObject } from "@plugboard/core";

/** How two JSON values are compared. */
export interface AlikeOptions {
  /** The greatest difference of two numbers that are still the same. @default 0 */
  readonly tolerance?: number;
  /** Whether texts that differ in case, blanks at the ends and punctuation are the same. @default false */
  readonly looseText?: boolean;
  /** Whether lists of the same values in another order are the same. @default false */
  readonly anyOrder?: boolean;
}

/** Whether two JSON values are the same, as values: the order of keys, and how a number is written, do not count. */
export function alike(left: Json | undefined, right: Json | undefined, options: AlikeOptions = {}): boolean {
  if (left === right) return true;
  if (typeof left === "number" && typeof right === "number") return Math.abs(left - right) <= (options.tolerance ?? 0);
  if (typeof left === "string" && typeof right === "string")
    return options.looseText === true && loose(left) === loose(right);
  if (isList(left) && isList(right)) return left.length === right.length && sameItems(left, right, options);
  if (!isObject(left) || !isObject(right)) return false;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  for (const key of keys) if (!alike(left[key], right[key], options)) return false;
  return true;
}

function sameItems(left: readonly Json[], right: readonly Json[], options: AlikeOptions): boolean {
  if (!options.anyOrder) return left.every((value, place) => alike(value, right[place], options));
  const rest = [...right];
  return left.every((value) => {
    const place = rest.findIndex((other) => alike(value, other, options));
    if (place >= 0) rest.splice(place, 1);
    return place >= 0;
  });
}

function loose(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !isList(value);
}
