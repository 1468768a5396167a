import type { FunctionTool, Json, JsonObject, ModelRequest } from "@plugboard/core";
import type { Writing } from "./writing.ts";
import { listOf, mergeProviderOptions, objectOf, wireToolName } from "@plugboard/wire";
import { ownData, warn } from "./writing.ts";

/** Across all tools of a request, where they are to be held to their schemas. */
const mostStrictFields = 200;

/** The members of the body that are about tools. */
export function writeTools({ tools = [], toolChoice }: ModelRequest, writing: Writing): Record<string, Json> {
  const written: JsonObject[] = [];
  const functions: FunctionTool[] = [];
  const named = typeof toolChoice === "object" ? toolChoice.name : undefined;
  tools.forEach((tool, place) => {
    const path = `tools[${place}]`;
    if (tool.type === "provider") return warn(writing, "dropped", path, `Cohere has no tool ${tool.id} here.`);
    if (named !== undefined && tool.name !== named) return; // said below
    functions.push(tool);
    written.push(writeTool(tool, path, writing));
  });
  if (written.length === 0) {
    if (toolChoice !== undefined && toolChoice !== "auto" && toolChoice !== "none") {
      warn(writing, "dropped", "toolChoice", "There is no tool to choose.");
    }
    return {};
  }
  if (named !== undefined && tools.length > 1) {
    warn(
      writing,
      "adapted",
      "toolChoice",
      `Cohere cannot be told which tool to call: ${named} is the only one offered.`,
    );
  }
  const choice =
    toolChoice === "none" ? "NONE" : toolChoice === undefined || toolChoice === "auto" ? undefined : "REQUIRED";
  return {
    tools: written,
    ...(choice !== undefined && { tool_choice: choice }),
    ...(isStrict(functions, writing) && { strict_tools: true }),
  };
}

function writeTool(tool: FunctionTool, path: string, writing: Writing): JsonObject {
  const { name, description, input } = tool;
  const wireName = wireToolName(name, path, writing.names, (warning) => writing.warnings.push(warning));
  const written: JsonObject = {
    type: "function",
    function: {
      name: wireName,
      ...(description !== undefined && { description }),
      parameters: { type: "object", properties: {}, ...input },
    },
  };
  const own = ownData(tool, path, writing);
  return own ? mergeProviderOptions(written, own) : written;
}

/**
 * Cohere holds all tools of a request to their schemas or none, and wants each of them to have a required parameter then.
 * https://docs.cohere.com/docs/tool-use-parameter-types
 */
function isStrict(tools: readonly FunctionTool[], writing: Writing): boolean {
  if (!tools.some(({ strict }) => strict)) return false;
  const loose = tools.find(({ strict }) => !strict);
  const free = tools.find(({ input }) => listOf(input["required"]).length === 0);
  const fields = tools.reduce((sum, { input }) => sum + fieldsOf(input), 0);
  const why = loose
    ? `${loose.name} is not to be`
    : free
      ? `${free.name} has no required parameter`
      : fields > mostStrictFields
        ? `they have ${fields} parameters, and ${mostStrictFields} is the most`
        : undefined;
  if (why === undefined) return true;
  warn(writing, "dropped", "tools", `Cohere holds all tools to their schemas or none: ${why}.`);
  return false;
}

function fieldsOf(schema: Json | undefined): number {
  const properties = Object.values(objectOf(objectOf(schema)?.["properties"]) ?? {});
  const items = objectOf(schema)?.["items"];
  return properties.reduce<number>(
    (sum, property) => sum + 1 + fieldsOf(property),
    items === undefined ? 0 : fieldsOf(items),
  );
}
