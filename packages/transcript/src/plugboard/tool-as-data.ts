import type { JsonObject, Tool } from "@plugboard/core";

/** A tool as a model is told of it, without what runs it. */
export function toolAsData(tool: Tool): JsonObject {
  const { type, name, description, input, strict, id, options, providerData } = tool as unknown as JsonObject;
  return { type, id, name, description, input, strict, options, providerData };
}
