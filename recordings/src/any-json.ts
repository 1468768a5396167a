import type { Json, JsonObject } from "@plugboard/core";
import fc from "fast-check";

/** Text with blanks, line ends, quotes and characters of several bytes. */
export const anyWords: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: "grapheme", maxLength: 6 }),
  fc.constantFrom("", " ", "\n\t", '"', "\\", "\u2028", "é🙂", "Error: no"),
);

/** A member called `__proto__` is left out on purpose by what reads, and one called `constructor` confuses strict equality. */
const isPlain = (value: unknown): boolean => !/"(__proto__|constructor)":/.test(JSON.stringify(value));
/** As it comes from JSON: no -0, and objects with a prototype. */
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** JSON of any type, nested at most twice. */
export const anyJson: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 2 })
  .filter(isPlain)
  .map((value) => throughJson(value) as Json);

/** An object as tools take for their arguments, with names of members from `keys`. */
export function anyObject(keys: fc.Arbitrary<string> = fc.string({ maxLength: 5 })): fc.Arbitrary<JsonObject> {
  return fc
    .dictionary(keys, anyJson, { maxKeys: 3 })
    .filter(isPlain)
    .map((value) => throughJson(value) as JsonObject);
}
