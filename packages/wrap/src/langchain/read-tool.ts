import type { Json, JsonObject, ProviderData, Tool, ToolChoice } from "@plugboard/core";
import type { BindToolsInput } from "@langchain/core/language_models/chat_models";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import { ModelError } from "@plugboard/core";
import { objectOf, stringOf, without } from "@plugboard/wire";

/**
 * A tool as `bindTools` takes it, in our words: LangChain's own, OpenAI's and Anthropic's forms, and ours.
 *
 * @throws {ModelError} `unsupported` for anything else
 */
export function readTool(tool: BindToolsInput): Tool {
  const given = tool as JsonObject;
  if (given["type"] === "provider") return tool as unknown as Tool;
  const ours = objectOf(given["input"]);
  const schema = ours ?? objectOf(given["input_schema"]);
  const written = schema ? given : objectOf((convertToOpenAITool(tool) as unknown as JsonObject)["function"]);
  const name = stringOf(written?.["name"]);
  if (!written || name === undefined) {
    const message = `A tool of the type "${stringOf(given["type"])}" is a provider's own; say it as \`{ type: "provider", id: "openai.web_search", options }\`.`;
    throw new ModelError(message, { code: "unsupported" });
  }
  const description = stringOf(written["description"]);
  const { strict } = written;
  const input = without(schema ?? objectOf(written["parameters"]) ?? {}, "$schema");
  return {
    type: "function",
    name,
    ...(description !== undefined && { description }),
    input: { type: "object", ...input },
    ...(typeof strict === "boolean" && { strict }),
    ...(ours && objectOf(given["providerData"]) && { providerData: given["providerData"] as ProviderData }),
  };
}

/** LangChain's words for which tool to call, and OpenAI's and Anthropic's forms of them, in ours. */
export function readToolChoice(choice: unknown): ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (choice === "auto" || choice === "none" || choice === "required") return choice;
  if (choice === "any") return "required";
  if (typeof choice === "string") return { name: choice };
  const form = objectOf(choice as Json);
  const name = stringOf(objectOf(form?.["function"])?.["name"]) ?? stringOf(form?.["name"]);
  if (name !== undefined) return { name };
  const type = form?.["type"];
  if (type === "auto" || type === "none" || type === "any") return readToolChoice(type);
  throw new ModelError("`tool_choice` must be auto, any, none, or the name of a tool.", { code: "invalid-request" });
}
