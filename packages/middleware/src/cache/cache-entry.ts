import type {
  AssistantPart,
  CallOptions,
  EmbeddingResult,
  FilePart,
  ModelResult,
  RerankResult,
  ToolOutputPart,
  ToolResultPart,
  Usage,
} from "@plugboard/core";

/** What can be kept: the answer of a model of any kind. */
export type Answer = ModelResult | EmbeddingResult | RerankResult;

/** Grows when the form below changes; entries of another version are misses. */
const version = 1;

/** A file as JSON can hold it. */
type StoredData = { readonly base64: string } | { readonly url: string };

type StoredFile = Omit<FilePart, "data"> & { readonly data: StoredData };
type StoredOutput = Exclude<ToolOutputPart, FilePart> | StoredFile;
type StoredToolResult = Omit<ToolResultPart, "output"> & { readonly output: string | readonly StoredOutput[] };
type StoredPart = Exclude<AssistantPart, FilePart | ToolResultPart> | StoredFile | StoredToolResult;
type StoredResult = Omit<ModelResult, "content"> & { readonly content: readonly StoredPart[] };

/** An answer as JSON, of which nothing is known but that it was JSON. */
type Told<Result> = { readonly [Key in keyof Result]?: unknown };

/** Members that are no part of the answer: JSON leaves them out so. */
const ofTheCall = { attempts: undefined, cost: undefined, headers: undefined, cached: undefined };

/** Writes an answer as text. What belongs to the call that made it, its headers, attempts and cost, is left out. */
export function writeEntry(answer: Answer): string {
  const content = "content" in answer ? { content: answer.content.map(storedPart) } : undefined;
  return JSON.stringify({ version, result: { ...answer, ...content, ...ofTheCall } });
}

/** Reads it back; `undefined` if it is not one of ours, of this version, whole, and an answer to such a request. */
export function readEntry(text: string, request: CallOptions): Answer | undefined {
  try {
    const entry = JSON.parse(text) as { readonly version?: unknown; readonly result?: Told<StoredResult> };
    const { result } = entry;
    if (entry.version !== version || !isObject(result) || !isAnswer(result)) return undefined;
    if ("messages" in request) return isReply(result) ? { ...result, content: result.content.map(partOf) } : undefined;
    if ("values" in request) return isEmbedding(result, request.values) ? result : undefined;
    return "documents" in request && isRanking(result, request.documents) ? result : undefined;
  } catch {
    return undefined;
  }
}

/** What answers of every kind have. */
function isAnswer({ model, usage, warnings }: Told<Answer>): boolean {
  return typeof model === "string" && isUsage(usage) && Array.isArray(warnings);
}

function isUsage(usage: unknown): usage is Usage {
  if (!isObject(usage)) return false;
  return Object.entries(usage).every(([name, count]) => {
    if (name === "serverTools") return isObject(count) && Object.values(count).every(isCount);
    return name === "estimated" ? count === true : isCount(count);
  });
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && value >= 0;
}

function isReply(result: Told<StoredResult>): result is StoredResult {
  const { finishReason, content } = result;
  return typeof finishReason === "string" && Array.isArray(content) && content.every(isPart);
}

/** A vector for each text. */
function isEmbedding(result: Told<EmbeddingResult>, values: unknown): result is EmbeddingResult {
  const { embeddings } = result;
  if (!Array.isArray(embeddings) || !Array.isArray(values) || embeddings.length !== values.length) return false;
  return embeddings.every((vector) => Array.isArray(vector) && vector.every((value) => typeof value === "number"));
}

/** Places among the documents. */
function isRanking(result: Told<RerankResult>, documents: unknown): result is RerankResult {
  const { ranking } = result;
  if (!Array.isArray(ranking) || !Array.isArray(documents)) return false;
  return ranking.every(
    (place: unknown) =>
      isObject(place) &&
      Number.isInteger(place["index"]) &&
      (place["index"] as number) in documents &&
      typeof place["score"] === "number",
  );
}

function isPart(part: StoredPart): boolean {
  if (typeof part !== "object" || part === null) return false;
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

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
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
