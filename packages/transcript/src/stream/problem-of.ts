import type { ModelError } from "@plugboard/core";
import type { ConversionProblem } from "./convert-stream.ts";
import type { Item } from "./read-items.ts";

/** What is told of a value that is not what it should be. */
export function problemOf({ message }: ModelError, { line, item, value }: Item): ConversionProblem {
  const field = fieldOf(message);
  return {
    line,
    item,
    ...(field !== undefined && { field }),
    message,
    input: "json" in value ? value.json : value.text,
  };
}

/** The member that a sentence names, if it names one. */
export function fieldOf(message: string): string | undefined {
  return /`([^`]+)`/.exec(message)?.[1];
}
