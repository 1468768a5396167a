import type { AssistantPart, FilePart, ModelResult, ToolOutputPart, ToolResultPart } from "@plugboard/core";

/** Grows when the form below changes; entries of another version are misses. */
const version = 1;

/** A file as JSON can hold it. */
type StoredData = { readonly base64: string } | { readonly url: string };

type StoredFile = Omit<FilePart, "data"> & { readonly data: StoredData };
type StoredOutput = Exclude<ToolOutputPart, FilePart> | StoredFile;
type StoredToolResult = Omit<ToolResultPart, "output"> & { readonly output: string | readonly StoredOutput[] };
type StoredPart = Exclude<AssistantPart, FilePart | ToolResultPart> | StoredFile | StoredToolResult;
type StoredResult = Omit<ModelResult, "content"> & { readonly content: readonly StoredPart[] };

/** Writes an answer as text. What belongs to the call that made it, its headers, attempts and cost, is left out. */
export function writeEntry({ attempts: _, cost: __, headers: ___, cached: ____, ...result }: ModelResult): string {
  return JSON.stringify({ version, result: { ...result, content: result.content.map(storedPart) } });
}

/** Reads it back; `undefined` if it is not one of ours, of this version and whole. */
export function readEntry(text: string): ModelResult | undefined {
  try {
    const entry = JSON.parse(text) as { readonly version?: unknown; readonly result?: StoredResult };
    const { result } = entry;
    if (entry.version !== version || !result || !isWhole(result)) return undefined;
    return { ...result, content: result.content.map(partOf) };
  } catch {
    return undefined;
  }
}

function isWhole({ model, finishReason, usage, warnings, content }: StoredResult): boolean {
  return (
    typeof model === "string" &&
    typeof finishReason === "string" &&
    isObject(usage) &&
    Array.isArray(warnings) &&
    Array.isArray(content) &&
    content.every(isPart)
  );
}

function isPart(part: StoredPart): boolean {
  if (!isObject(part)) return false;
  switch (part.type) {
    case "text":
    case "reasoning":
      return typeof part.text === "string";
    case "tool-call":
      return typeof part.id === "string" && typeof part.name === "string" && part.input !== undefined;
    case "tool-result":
      return typeof part.id === "string" && (typeof part.output === "string" || Array.isArray(part.output));
    case "file":
      return typeof part.mediaType === "string" && isObject(part.data);
    case "source":
      return true;
    case "opaque":
      return typeof part.kind === "string";
    default:
      return false;
  }
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function storedPart(part: AssistantPart): StoredPart {
  if (part.type === "file") return storedFile(part);
  if (part.type !== "tool-result") return part;
  const { output } = part;
  return { ...part, output: typeof output === "string" ? output : output.map(storedOutput) };
}

function partOf(part: StoredPart): AssistantPart {
  if (part.type === "file") return fileOf(part);
  if (part.type !== "tool-result") return part;
  const { output } = part;
  return { ...part, output: typeof output === "string" ? output : output.map(outputOf) };
}

function storedOutput(piece: ToolOutputPart): StoredOutput {
  return piece.type === "file" ? storedFile(piece) : piece;
}

function outputOf(piece: StoredOutput): ToolOutputPart {
  return piece.type === "file" ? fileOf(piece) : piece;
}

function storedFile({ data, ...part }: FilePart): StoredFile {
  return { ...part, data: data instanceof URL ? { url: data.href } : { base64: toBase64(data) } };
}

function fileOf({ data, ...part }: StoredFile): FilePart {
  return { ...part, data: "url" in data ? new URL(data.url) : fromBase64(data.base64) };
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
