import type { Json, JsonObject, Owned, ToolOutputPart, ToolResultPart } from "@plugboard/core";
import type { LanguageModelV4ToolResultOutput } from "@ai-sdk/provider";
import { fromPlain, toPlain } from "../plain.ts";
import { readFileData, writeFileData } from "./file-data.ts";
import { ours, readMetadata, writeMetadata } from "./metadata.ts";
import type { Warn } from "./metadata.ts";

type Content = Extract<LanguageModelV4ToolResultOutput, { type: "content" }>["value"];
type ResultValue = string | number | boolean | JsonObject | readonly Json[];

/** What a tool gave back, in our words; `own` is what only their contract has a word for. */
export interface ReadOutput extends Pick<ToolResultPart, "output" | "isError"> {
  readonly owned: Owned;
  readonly own?: JsonObject;
}

/** What a tool gave back as their prompts have it. A failure that is more than one text or value goes as content, marked in the metadata. */
export function writeOutput(
  { output, isError = false }: ToolResultPart,
  path: string,
  warn: Warn,
): LanguageModelV4ToolResultOutput {
  if (typeof output === "string") return { type: isError ? "error-text" : "text", value: output };
  const [first] = output;
  if (output.length === 1 && first?.type === "json") {
    // A bare text that failed comes back as JSON there, so one that was JSON is marked.
    const marked = isError && typeof first.value === "string" && { providerOptions: { [ours]: { json: true } } };
    return { type: isError ? "error-json" : "json", value: first.value, ...marked };
  }
  if (isError) {
    warn({
      code: "adapted",
      path,
      message: "The AI SDK has no failure of several parts; it is told as what the tool gave back.",
    });
  }
  const value = output.map(writePart);
  // An output of content has no metadata that its parts have not.
  return { type: "content", value, ...(isError && { providerOptions: { [ours]: { isError } } }) };
}

function writePart(part: ToolOutputPart): Content[number] {
  switch (part.type) {
    case "json":
      return { type: "text", text: JSON.stringify(part.value), providerOptions: { [ours]: { json: true } } };
    case "text": {
      const providerOptions = writeMetadata(part.providerData);
      return { type: "text", text: part.text, ...(providerOptions && { providerOptions }) };
    }
    default: {
      const { mediaType, data, filename, providerData } = part;
      const providerOptions = writeMetadata(providerData);
      return {
        type: "file",
        mediaType,
        data: writeFileData(data),
        ...(filename !== undefined && { filename }),
        ...(providerOptions && { providerOptions }),
      };
    }
  }
}

/** What a tool gave back, from their prompt. */
export function readOutput(output: LanguageModelV4ToolResultOutput, path: string, warn: Warn): ReadOutput {
  const { providerOptions } = output as { readonly providerOptions?: Record<string, JsonObject> };
  const { owned, kept } = readMetadata(providerOptions);
  switch (output.type) {
    case "text":
      return { output: output.value, owned };
    case "error-text":
      return { output: output.value, isError: true, owned };
    case "json":
      return { output: [{ type: "json", value: output.value }], owned };
    case "error-json": {
      const bare = typeof output.value === "string" && !kept["json"];
      return {
        output: bare ? (output.value as string) : [{ type: "json", value: output.value }],
        isError: true,
        owned,
      };
    }
    case "execution-denied": {
      const { reason } = output;
      const own = { type: "execution-denied", ...(reason !== undefined && { reason }) };
      return { output: reason ?? "The call was not allowed to run.", isError: true, owned, own };
    }
    default: {
      const parts = output.value.flatMap((item, index) => readPart(item, `${path}.value[${index}]`, warn));
      return { output: parts, ...(kept["isError"] === true && { isError: true }), owned };
    }
  }
}

function readPart(item: Content[number], path: string, warn: Warn): readonly ToolOutputPart[] {
  const { owned, kept } = readMetadata(item.providerOptions);
  switch (item.type) {
    case "text":
      if (kept["json"] === true) return [{ type: "json", value: JSON.parse(item.text) as Json }];
      return [{ type: "text", text: item.text, ...owned }];
    case "file": {
      const { mediaType, filename } = item;
      const data = readFileData(item.data, path);
      return [{ type: "file", mediaType, data, ...(filename !== undefined && { filename }), ...owned }];
    }
    default:
      warn({ code: "dropped", path, message: "A tool's result has no part of the type custom." });
      return [];
  }
}

/** What a provider's tool gave back, as their answers have it: one JSON value. `marked` says that it holds parts of ours. */
export function writeResult({ output }: ToolResultPart): { readonly result: ResultValue; readonly marked: boolean } {
  if (typeof output === "string") return { result: output, marked: false };
  const [first] = output;
  const value = output.length === 1 && first?.type === "json" ? first.value : null;
  if (value !== null && typeof value !== "string") return { result: value, marked: false };
  return { result: output.map(toPlain), marked: true };
}

/** The same in our words. */
export function readResult(result: Json, marked: boolean): ToolResultPart["output"] {
  if (marked && Array.isArray(result)) return fromPlain(result) as readonly ToolOutputPart[];
  return typeof result === "string" ? result : [{ type: "json", value: result }];
}
