import { ModelError } from "@plugboard/core";
import type { Json } from "@plugboard/core";
import { countOf, objectOf } from "./narrow.ts";

/**
 * A count of tokens in an answer.
 *
 * @throws {ModelError} `parse` where there is none
 */
export function countAt(body: Json, name: string): number {
  const count = countOf(objectOf(body)?.[name]);
  if (count === undefined) throw new ModelError(`The answer has no count of tokens in \`${name}\`.`, { code: "parse" });
  return count;
}
