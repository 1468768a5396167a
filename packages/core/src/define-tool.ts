import type { Json, JsonSchema } from "./json.ts";
import type { Notice } from "./notice.ts";
import type { ToolOutputPart } from "./part.ts";
import type { Checked, Schema, SchemaOutput } from "./schema.ts";
import type { FunctionTool } from "./tool.ts";
import { ModelError } from "./error.ts";
import { compileSchema } from "./schema.ts";

/** What a tool may give back: text, JSON, or parts (text, files, JSON). Nothing is told to the model as an empty text. */
export type ToolOutput = Json | readonly ToolOutputPart[] | undefined | void;

/** The circumstances in which a tool runs. */
export interface ToolContext {
  /** The `id` of the call. */
  readonly callId: string;
  /** Fires when nobody waits for the result any more. */
  readonly signal: AbortSignal;
  /** Who and what for, as the request says. */
  readonly tags: Readonly<Record<string, string>>;
  /** Told what happens on the way, as the request's is. */
  readonly notify: (notice: Notice) => void;
}

/** What a tool is made of. */
export interface ToolParts<Of extends Schema> {
  readonly name: string;
  readonly description?: string;
  /** What the arguments look like; an object at the root. */
  readonly input: Of;
  /** Ask the provider to hold the arguments to the schema. Its default where left out. */
  readonly strict?: boolean;
  /**
   * Whether to ask before it runs. Where left out, `approve` of `runTools` is asked if it is given; `true` never runs without it;
   * `false` is never asked about.
   */
  readonly needsApproval?: boolean | ((input: SchemaOutput<Of>) => boolean | Promise<boolean>);
  /** Runs it. Without it, its calls are left to the caller. What it throws is told to the model, by its message alone. */
  readonly execute?: (input: SchemaOutput<Of>, context: ToolContext) => ToolOutput | Promise<ToolOutput>;
}

/** A tool that models are told of, and that `runTools` runs. Made by `defineTool`. */
export interface RunnableTool<Input = unknown> extends FunctionTool {
  readonly type: "function";
  readonly input: JsonSchema;
  /** Checks arguments against the schema. */
  parse(input: Json): Promise<Checked<Input>>;
  /** Whether a call must be approved; `undefined` where the tool does not say. */
  needsApproval(input: Input): boolean | undefined | Promise<boolean>;
  /** Runs a call whose arguments have been checked; without it, calls are left to the caller. */
  execute?(input: Input, context: ToolContext): ToolOutput | Promise<ToolOutput>;
}

/**
 * Makes a tool of a schema and a function; the function gets what the schema gives.
 *
 * @throws {ModelError} `unsupported` if the schema cannot be expressed as JSON Schema, or is not of an object
 * @example
 * const weather = defineTool({
 *   name: "weather",
 *   description: "The weather in a city, now.",
 *   input: z.object({ city: z.string() }),
 *   execute: async ({ city }, { signal }) => (await fetch(`https://weather.example/${city}`, { signal })).text(),
 * });
 */
export function defineTool<Of extends Schema>(parts: ToolParts<Of>): RunnableTool<SchemaOutput<Of>> {
  const { name, description, input, strict, needsApproval, execute } = parts;
  const schema = compileSchema(input, `the tool "${name}"`);
  if (schema.jsonSchema["type"] !== "object") {
    throw new ModelError(`The schema of the tool "${name}" must be of an object.`, { code: "unsupported" });
  }
  return {
    type: "function",
    name,
    ...(description !== undefined && { description }),
    input: schema.jsonSchema,
    ...(strict !== undefined && { strict }),
    parse: (value) => schema.check(value),
    needsApproval: (value) => (typeof needsApproval === "function" ? needsApproval(value) : needsApproval),
    ...(execute && { execute }),
  };
}
