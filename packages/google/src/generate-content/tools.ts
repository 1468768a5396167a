import type { FunctionTool, Json, JsonObject, JsonSchema, ModelRequest, ProviderTool, Warning } from "@plugboard/core";
import type { LegalNames } from "@plugboard/wire";
import type { Abilities } from "./abilities.ts";
import { checkToolInput, objectOf, warnTold, wireToolName, without } from "@plugboard/wire";
import { narrowedSchema } from "./narrowed-schema.ts";
import { openApiSchema } from "./open-api-schema.ts";
import { owner, ownData } from "./messages.ts";

/** The tools of a request, and how they may be used. */
export interface WireTools {
  readonly tools?: readonly Json[];
  readonly config?: JsonObject;
}

interface ToolContext {
  readonly abilities: Abilities;
  readonly names: LegalNames;
  readonly warn: (warning: Warning) => void;
}

/**
 * Writes the tools that the application runs, those that Google runs, and the choice among them.
 *
 * @throws {ModelError} `invalid-request` for a tool whose input is no object
 */
export function wireToolsOf({ tools = [], toolChoice }: ModelRequest, context: ToolContext): WireTools {
  const { abilities, names, warn } = context;
  if (tools.length > 0 && !abilities.instructed) {
    warn({ code: "dropped", path: "tools", message: "The model calls no tools." });
    return {};
  }
  const declared: Record<string, Json>[] = [];
  let served: Record<string, Json>[] = [];
  let strict = false;
  tools.forEach((tool, place) => {
    const path = `tools[${place}]`;
    if (tool.type === "provider") served.push(...serverToolOf(tool, path, warn));
    else {
      declared.push(declarationOf(tool, path, context));
      strict ||= tool.strict === true;
    }
  });
  if (declared.length > 0 && served.length > 0 && !abilities.toolsTogether) {
    const message = "The model does not take Google's tools beside those of the application; Google's are left out.";
    warn({ code: "dropped", path: "tools", message });
    served = [];
  }

  const mode = modeOf(toolChoice, declared, strict && abilities.jsonSchema, names, warn);
  const together = declared.length > 0 && served.length > 0;
  const config = {
    ...(mode && { functionCallingConfig: mode }),
    ...(together && { includeServerSideToolInvocations: true }),
  };
  const written = [...(declared.length > 0 ? [{ functionDeclarations: declared }] : []), ...served];
  return {
    ...(written.length > 0 && { tools: written }),
    ...(Object.keys(config).length > 0 && { config }),
  };
}

/** `google.code_execution` is the member `codeExecution`. */
function serverToolOf(
  { id, options = {}, providerData }: ProviderTool,
  path: string,
  warn: ToolContext["warn"],
): Record<string, Json>[] {
  const dot = id.indexOf(".");
  if (id.slice(0, dot) !== owner) {
    warn({ code: "dropped", path, message: `The tool ${id} is another provider's.` });
    return [];
  }
  const name = id.slice(dot + 1).replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return [{ [name]: without(options), ...ownData(providerData) }];
}

function declarationOf(
  tool: FunctionTool,
  path: string,
  { abilities, names, warn }: ToolContext,
): Record<string, Json> {
  checkToolInput(tool, path);
  if (tool.strict && !abilities.jsonSchema) {
    warn({ code: "dropped", path: `${path}.strict`, message: "The model cannot be held to the schema of a tool." });
  }
  const { parameters, description } = parametersOf(tool, `${path}.input`, abilities, warn);
  const own = ownData(tool.providerData);
  const said = [tool.description, description].filter(Boolean).join("\n\n");
  return {
    name: wireToolName(tool.name, path, names, warn),
    ...(said !== "" && { description: said }),
    ...parameters,
    ...own,
  };
}

/** Google's own kind of schema where it says all, JSON Schema otherwise; for models without that, a description. */
function parametersOf(
  { input }: FunctionTool,
  path: string,
  abilities: Abilities,
  warn: ToolContext["warn"],
): { readonly parameters: Record<string, Json>; readonly description?: string } {
  const isEmpty =
    Object.keys(objectOf(input["properties"]) ?? {}).length === 0 && !objectOf(input["additionalProperties"]);
  if (isEmpty && input["$ref"] === undefined) return { parameters: {} };
  const schema: JsonSchema = { ...input, type: "object" };
  const own = openApiSchema(schema);
  if (own && (own.told.length === 0 || !abilities.jsonSchema)) {
    warnTold("Google", own.told, path, warn);
    return { parameters: { parameters: own.schema } };
  }
  if (abilities.jsonSchema) {
    const narrowed = narrowedSchema(schema);
    warnTold("Google", narrowed.told, path, warn);
    return { parameters: { parametersJsonSchema: narrowed.schema } };
  }
  warn({
    code: "adapted",
    path,
    message: "The model is told of the schema in the description, since Google cannot hold it to it.",
  });
  return { parameters: {}, description: `The arguments fit this JSON Schema: ${JSON.stringify(input)}` };
}

/** Without tools of the application's there is nothing to choose. */
function modeOf(
  choice: ModelRequest["toolChoice"],
  declared: readonly Record<string, Json>[],
  validated: boolean,
  names: LegalNames,
  warn: ToolContext["warn"],
): JsonObject | undefined {
  const all = declared.map(({ name }) => name);
  if (typeof choice === "object") {
    const name = names.toWire(choice.name);
    if (all.includes(name)) return { mode: "ANY", allowedFunctionNames: [name] };
    const message = "The tool that is asked for is not one that Google can be made to call.";
    warn({ code: "dropped", path: "toolChoice", message });
    return undefined;
  }
  if (declared.length === 0) {
    if (choice === "required") {
      warn({ code: "dropped", path: "toolChoice", message: "There is no tool that the model can be made to call." });
    }
    return undefined;
  }
  switch (choice) {
    case "none":
      return { mode: "NONE" };
    case "required":
      return { mode: "ANY" };
    case "auto":
      return { mode: validated ? "VALIDATED" : "AUTO" };
    default:
      return validated ? { mode: "VALIDATED" } : undefined;
  }
}
