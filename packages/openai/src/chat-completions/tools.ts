import type { FunctionTool, Json, JsonObject, ModelRequest, ProviderTool } from "@plugboard/core";
import { ModelError } from "@plugboard/core";
import { mergeProviderOptions, wireToolName } from "@plugboard/wire";
import { whyNotStrict } from "../shared/strict-schema.ts";
import { understands, unsupported, warn } from "../shared/writing.ts";
import type { Writing } from "./writing.ts";
import { ownData } from "./writing.ts";

/** The most tools that a request may name. */
const most = 128;

/** The members of the body that are about tools. */
export function writeTools({ tools = [], toolChoice }: ModelRequest, writing: Writing): Record<string, Json> {
  if (tools.length > most) {
    throw new ModelError(`\`tools\` must be at most ${most}; there are ${tools.length}.`, {
      code: "invalid-request",
      provider: writing.dialect.provider,
      model: writing.model,
    });
  }
  const written: JsonObject[] = [];
  const sent = new Map<string, "function" | "custom">();
  tools.forEach((tool, place) => {
    const path = `tools[${place}]`;
    if (tool.type !== "provider") {
      written.push(writeFunction(tool, path, writing));
      sent.set(tool.name, "function");
      return;
    }
    const own = writeProviderTool(tool, path, writing);
    if (!own) return;
    written.push(own);
    sent.set(tool.name ?? tool.id, "custom");
  });
  if (toolChoice === undefined) return written.length > 0 ? { tools: written } : {};
  if (written.length === 0) {
    if (typeof toolChoice === "object")
      throw unsupported(writing, `\`toolChoice\` names ${toolChoice.name}, which cannot be sent.`);
    if (toolChoice !== "none" && toolChoice !== "auto")
      warn(writing, "dropped", "toolChoice", "There is no tool to choose.");
    return {};
  }
  if (typeof toolChoice === "string") return { tools: written, tool_choice: toolChoice };
  const kind = sent.get(toolChoice.name);
  if (!kind) throw unsupported(writing, `\`toolChoice\` names ${toolChoice.name}, which cannot be sent.`);
  return { tools: written, tool_choice: { type: kind, [kind]: { name: writing.names.toWire(toolChoice.name) } } };
}

function writeFunction(tool: FunctionTool, path: string, writing: Writing): JsonObject {
  const { name, description, input, strict } = tool;
  const wire = wireToolName(name, path, writing.names, (warning) => writing.warnings.push(warning));
  const flaw =
    strict && (writing.dialect.strict ? whyNotStrict(input) : `${writing.dialect.provider} has no strict mode`);
  if (flaw) warn(writing, "adapted", `${path}.strict`, `The arguments cannot be held to the schema: ${flaw}.`);
  const written: JsonObject = {
    type: "function",
    function: {
      name: wire,
      ...(description !== undefined && { description }),
      parameters: input["type"] === undefined ? { type: "object", properties: {}, ...input } : input,
      ...(strict !== undefined && writing.dialect.strict && { strict: strict && !flaw }),
    },
  };
  const own = ownData(tool, path, writing);
  return own ? mergeProviderOptions(written, own) : written;
}

/** OpenAI's `custom` tools (free text in), and those a dialect names; others are left out with a warning. */
function writeProviderTool(tool: ProviderTool, path: string, writing: Writing): JsonObject | undefined {
  const dot = tool.id.indexOf(".");
  const owner = tool.id.slice(0, dot);
  const type = tool.id.slice(dot + 1);
  const known = understands(writing.dialect, owner) && writing.dialect.providerTools?.includes(type);
  if (!known) {
    warn(writing, "dropped", path, `${writing.dialect.provider} has no tool ${tool.id} here.`);
    return undefined;
  }
  if (type !== "custom") return { type, ...tool.options };
  return { type: "custom", custom: { name: writing.names.toWire(tool.name ?? tool.id), ...tool.options } };
}
