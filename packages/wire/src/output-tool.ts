import type { Json, JsonObject, OutputSchema, Tool, Warning } from "@plugboard/core";
import type { LegalNames } from "./legal-names.ts";
import { objectOf, without } from "./narrow.ts";
import { toolArguments } from "./tool-arguments.ts";

/** A tool whose input is the answer, as an answer is read by it. */
export interface OutputTool {
  /** As it is on the wire. */
  readonly name: string;
  /** The answer is the member `value`: the schema asks for something else than an object. */
  readonly wrapped: boolean;
}

/** The same as it is offered to a model. */
export interface OfferedOutputTool extends OutputTool {
  readonly description: string;
  /** A JSON Schema of the type object. */
  readonly input: JsonObject;
}

/**
 * A tool that stands for an answer in JSON, for a model that cannot be held to the schema: its input is the answer. Its name is none of
 * the tools' own.
 *
 * @example
 * const offered = outputToolOf({ schema: { type: "array", items: {} } }, [], names);
 * offered.input; // { type: "object", properties: { value: { type: "array", items: {} } }, required: ["value"] }
 * answerOf({ value: [1] }, offered); // [1]
 */
export function outputToolOf(output: OutputSchema, tools: readonly Tool[], names: LegalNames): OfferedOutputTool {
  const taken = new Set(tools.map((tool) => (tool.type === "provider" ? (tool.name ?? tool.id) : tool.name)));
  let name = output.name ?? "output";
  while (taken.has(name)) name = `${name}_`;

  const schema = without(output.schema ?? { type: "object", additionalProperties: true });
  const wrapped = schema["type"] !== "object";
  const { $defs, definitions, ...root } = schema;
  // References are told from the root, so what they refer to stays there.
  const shared = { ...($defs !== undefined && { $defs }), ...(definitions !== undefined && { definitions }) };
  return {
    name: names.toWire(name),
    wrapped,
    description: ["Gives the final answer.", output.description].filter(Boolean).join(" "),
    input: wrapped ? { type: "object", properties: { value: root }, required: ["value"], ...shared } : schema,
  };
}

/** Says why the tool stands for the answer: the model takes no schema, or not this one. */
export function outputToolWarning(provider: string, { schema }: OutputSchema, structured: boolean): Warning {
  const why = !structured
    ? "The model takes no schema for its answer"
    : schema
      ? `${provider} cannot hold an answer to this schema`
      : `${provider} has no mode for JSON without a schema`;
  const message = `${why}; a tool whose input is the answer stands for it.`;
  return { code: "adapted", path: "output", message };
}

/** What a system message says where the model cannot be made to call the tool. */
export function outputToolInstruction({ name }: OutputTool): string {
  return `Give your answer by calling the tool \`${name}\`, and in no other way.`;
}

/** The answer that the input of the tool is. */
export function answerOf(input: Json, { wrapped }: OutputTool): Json {
  return wrapped ? (objectOf(input)?.["value"] ?? null) : input;
}

/** The answer as text, of the tool's arguments as the model wrote them; what is no JSON stays as it is. */
export function answerText(written: string, tool: OutputTool): string {
  if (!tool.wrapped) return written || "{}";
  const { input, invalid } = toolArguments(written);
  return invalid ? written : JSON.stringify(answerOf(input, tool));
}

/** Says that the end of an answer cut a call in the middle: it is left out, since it must not be run. */
export function cutCallWarning(name: string): Warning {
  return { code: "dropped", message: `A call of the tool \`${name}\` was cut off in the middle and is left out.` };
}
