import type { Json } from "@plugboard/core";

/** A list of numbers, or `undefined` for anything else. */
export function vectorOf(value: Json | undefined): readonly number[] | undefined {
  return Array.isArray(value) && (value as readonly Json[]).every((item) => typeof item === "number")
    ? (value as readonly number[])
    : undefined;
}

/** A list of lists of numbers, or `undefined` for anything else. */
export function vectorsOf(value: Json | undefined): readonly (readonly number[])[] | undefined {
  return Array.isArray(value) && (value as readonly Json[]).every((item) => vectorOf(item) !== undefined)
    ? (value as readonly (readonly number[])[])
    : undefined;
}
