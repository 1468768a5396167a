import type { JsonObject, JsonSchema } from "./json.ts";
import type { Owned } from "./part.ts";

/** A tool of the application's, as a model is told of it. `defineTool` makes one that can also be run. */
export interface FunctionTool extends Owned {
  readonly type?: "function";
  readonly name: string;
  readonly description?: string;
  /** What the arguments look like: a JSON Schema of type `object`. */
  readonly input: JsonSchema;
  /** Ask the provider to hold the arguments to the schema. Its default where left out. */
  readonly strict?: boolean;
}

/** A tool that the provider runs itself, such as a web search. */
export interface ProviderTool extends Owned {
  readonly type: "provider";
  /** The provider and its own name for the tool: `openai.web_search`. */
  readonly id: `${string}.${string}`;
  /** The name by which calls and results refer to it, where it is not that of the id. */
  readonly name?: string;
  readonly options?: JsonObject;
}

/** A tool that a model may call: ours to run, or the provider's. */
export type Tool = FunctionTool | ProviderTool;

/** Whether a model may, must or must not call tools, or which one it must call. */
export type ToolChoice = "auto" | "none" | "required" | { readonly name: string };
