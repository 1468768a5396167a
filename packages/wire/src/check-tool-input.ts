import { ModelError } from "@plugboard/core";
import type { FunctionTool } from "@plugboard/core";
import { stringOf } from "./narrow.ts";

/**
 * Refuses a tool whose input is no object, for providers that take no other.
 *
 * @throws {ModelError} `invalid-request` that names the field
 */
export function checkToolInput({ input }: Pick<FunctionTool, "input">, path: string): void {
  const type = input["type"];
  if (type === undefined || stringOf(type)?.toLowerCase() === "object") return;
  const message = `\`${path}.input\` must be a JSON Schema of the type object; its type is ${JSON.stringify(type)}.`;
  throw new ModelError(message, { code: "invalid-request" });
}
