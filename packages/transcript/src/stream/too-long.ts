import { ModelError } from "@plugboard/core";

/** What is told of a value that has more bytes than are read into memory. */
export function tooLong(line: number, longest: number): ModelError {
  return new ModelError(
    `Line ${line}: a value has more than ${longest} bytes, which is the most that is read into memory.`,
    { code: "invalid-request" },
  );
}
