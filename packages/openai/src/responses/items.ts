import type {
  Citation,
  Json,
  JsonObject,
  SourcePart,
  ToolCallPart,
  ToolOutputPart,
  ToolResultPart,
} from "@plugboard/core";
import { fromBase64, toolArguments } from "@plugboard/wire";
import { isList, isObject } from "../shared/fields.ts";

/** What must be known of the request to read the items of its answer. */
export interface Naming {
  /** The key of `providerData`. */
  readonly provider: string;
  /** The name of a tool as the application knows it. @default the one on the wire */
  readonly toolName?: ((wire: string) => string) | undefined;
  /** The same for a tool that the provider runs, by its type without a version: `web_search`. */
  readonly providerToolName?: ((type: string) => string) | undefined;
}

/** Tools that the provider runs, with what their items hold of the call; the rest is of the result. */
const runByProvider: Readonly<Record<string, readonly string[]>> = {
  web_search_call: ["action"],
  file_search_call: ["queries"],
  code_interpreter_call: ["code", "container_id"],
  image_generation_call: ["revised_prompt"],
  mcp_call: ["server_label", "approval_request_id"],
  x_search_call: [],
};

/** Whether an item holds both a call of a tool and what it gave. */
export function isRun(type: string): boolean {
  return Object.hasOwn(runByProvider, type);
}

/** What the tool of an item is billed as; `undefined` for one that is not. */
export function billedAs(type: string): string | undefined {
  return isRun(type) && type !== "mcp_call" ? type.slice(0, -"_call".length) : undefined;
}

/** The name of the tool that an item is about. */
export function nameOfRun(item: JsonObject, { providerToolName }: Naming): string {
  const type = textOf(item["type"]).slice(0, -"_call".length);
  if (type === "mcp") return textOf(item["name"]) || type;
  return providerToolName?.(type) ?? type;
}

/** A call of a tool that the provider ran, and its result: one item on the wire, kept whole with the call. */
export function runParts(item: JsonObject, id: string, naming: Naming): [ToolCallPart, ToolResultPart] {
  const name = nameOfRun(item, naming);
  const asked = runByProvider[textOf(item["type"])]!;
  const { type: _, id: __, call_id: ___, name: ____, arguments: written, ...members } = item;
  const input: Record<string, Json> = {};
  const given: Record<string, Json> = {};
  for (const [key, value] of Object.entries(members)) {
    if (value !== undefined && value !== null) (asked.includes(key) ? input : given)[key] = value;
  }
  const isError = given["error"] !== undefined || given["status"] === "failed";
  return [
    {
      type: "tool-call",
      id,
      name,
      ...(typeof written === "string" ? toolArguments(written) : { input }),
      executed: true,
      providerData: { [naming.provider]: { item } },
    },
    { type: "tool-result", id, name, output: outputOf(given), ...(isError && { isError }), executed: true },
  ];
}

/** Text as it is; an image as a file; anything else as JSON. */
function outputOf({ result, ...given }: Record<string, Json>): string | readonly ToolOutputPart[] {
  const { output, output_format: format } = given;
  if (typeof output === "string") return output;
  const value: ToolOutputPart = { type: "json", value: given };
  if (typeof result !== "string") return [value];
  const subtype = typeof format === "string" ? format : "png";
  const mediaType = `image/${subtype === "svg" ? "svg+xml" : subtype}`;
  return [{ type: "file", mediaType, data: fromBase64(result) }, value];
}

/** A call that the application must run. */
export function callPart(item: JsonObject, id: string, raw: string, naming: Naming): ToolCallPart {
  const { call_id: _, name: wire, arguments: __, input: ___, status: ____, ...rest } = item;
  const name = naming.toolName?.(textOf(wire)) ?? textOf(wire);
  if (item["type"] === "custom_tool_call") {
    const data = { type: "custom", item: rest };
    return { type: "tool-call", id, name, input: raw, raw, providerData: { [naming.provider]: data } };
  }
  return { type: "tool-call", id, name, ...toolArguments(raw), providerData: { [naming.provider]: { item: rest } } };
}

/** What a piece of text says it rests on; annotations that are no objects say nothing. */
export function citationsOf(annotations: Json | undefined, provider: string): Citation[] {
  if (!isList(annotations)) return [];
  return annotations.flatMap((annotation) => (isObject(annotation) ? [citationOf(annotation, provider)] : []));
}

function citationOf(annotation: JsonObject, provider: string): Citation {
  const { url, title, file_id: file, filename, start_index: start, end_index: end } = annotation;
  const source: SourcePart = {
    type: "source",
    ...(typeof file === "string" && { id: file }),
    ...(typeof url === "string" && { url }),
    ...(typeof title === "string" && title !== "" && { title }),
    ...(typeof filename === "string" && filename !== "" && { filename }),
    providerData: { [provider]: { annotation } },
  };
  return { source, ...(typeof start === "number" && { start }), ...(typeof end === "number" && { end }) };
}

/** The summary of thoughts, or the thoughts themselves, where a server shows them; its paragraphs are apart. */
export function thoughtsOf({ summary, content }: JsonObject): string {
  const shown = [summary, content].flatMap((list) => (isList(list) ? list : []));
  return shown
    .map((piece) => (isObject(piece) ? textOf(piece["text"]) : ""))
    .filter((text) => text !== "")
    .join("\n\n");
}

export function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
