import type { FunctionTool, Json } from "@plugboard/core";
import { nameAt, objectAt } from "./fields.ts";
import { stringOf } from "./narrow.ts";

/**
 * A tool that a client describes with `name`, `description` and `parameters`, in our words; without parameters it takes none.
 *
 * @param field - where it stands, for the error
 * @throws {ModelError} `invalid-request` for one without a name, or with parameters that are no object
 * @example
 * const tool = functionToolAt(asked.function, "tools[0].function");
 */
export function functionToolAt(value: Json | undefined, field: string): FunctionTool {
  const { name, description, parameters } = objectAt(value, field);
  const told = stringOf(description);
  return {
    name: nameAt(name, `${field}.name`),
    ...(told !== undefined && { description: told }),
    input: objectAt(parameters ?? {}, `${field}.parameters`),
  };
}
