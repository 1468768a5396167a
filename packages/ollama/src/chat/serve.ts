import type {
  Finish,
  FinishReason,
  FunctionTool,
  Json,
  JsonObject,
  ModelRequest,
  ModelResult,
  Reasoning,
} from "@plugboard/core";
import type { EventWriter, ServedProtocol, ServedRequest } from "@plugboard/wire";
import { httpStatuses, retryAfterHeader } from "@plugboard/wire";
import { optionNames } from "./encode.ts";
import { isImage, writeImage } from "./image.ts";
import { isObject } from "./is-object.ts";
import { writeAnswer, writeToolCall } from "./messages.ts";
import { readMessages, refused } from "./read-messages.ts";

/** Our reasons as `done_reason`. Ollama itself knows `stop` and `length`; the others would be lost in them. */
const doneReasons: { readonly [Reason in FinishReason]: string } = {
  stop: "stop",
  "tool-calls": "stop",
  length: "length",
  budget: "length",
  "content-filter": "content_filter",
  refusal: "refusal",
  other: "other",
  unfinished: "other",
};

const levels: ReadonlySet<Json | undefined> = new Set(["low", "medium", "high", "max"]);

/** What has a place in our request; anything else in the body is handed on to an Ollama behind it. */
const known = new Set(["model", "messages", "tools", "format", "options", "stream", "think"]);

const ignore = (): void => {};

/** What the protocol makes up where an answer does not have it. */
export interface ChatProtocolOptions {
  /** The time of an answer that has none, in milliseconds since the epoch: the protocol wants one. @default Date.now */
  readonly now?: () => number;
}

/**
 * Ollama's `/api/chat` in the server's direction: reads what its clients ask, and writes what they expect back.
 *
 * @example
 * const protocol = chatProtocol();
 * const asked = protocol.readRequest(JSON.parse(body));
 * const answer = protocol.writeResult(await model.generate(asked.request), asked);
 */
export function chatProtocol({ now = Date.now }: ChatProtocolOptions = {}): ServedProtocol {
  return {
    name: "ollama-chat",
    streamType: "application/x-ndjson",
    readRequest,
    writeResult(result, asked) {
      const message = writeAnswer(result.content, "answer", ignore);
      return lastLine(result, headOf(result, asked, now), message);
    },
    writer: (asked) => chatWriter((start) => headOf(start, asked, now)),
    writeError: (error) => ({
      status: httpStatuses[error.code],
      headers: retryAfterHeader(error),
      body: { error: error.message },
    }),
  };
}

function readRequest(body: Json): ServedRequest {
  if (!isObject(body)) throw refused("body", "an object");
  const { model, stream, messages, think, tools, format } = body;
  if (typeof model !== "string" || model === "") throw refused("model", "the name of a model");
  if (stream != null && typeof stream !== "boolean") throw refused("stream", "true or false");
  const { ours, theirs } = readOptions(body["options"]);
  const reasoning = readThink(think);
  const offered = readTools(tools);
  const own: Record<string, Json | undefined> = {};
  for (const name of Object.keys(body)) if (!known.has(name)) own[name] = body[name];
  if (theirs) own["options"] = theirs;
  const request: ModelRequest = {
    messages: readMessages(messages),
    stream: stream ?? true, // Ollama streams unless told not to
    ...ours,
    ...(offered.length > 0 && { tools: offered }),
    ...(reasoning !== undefined && { reasoning }),
    ...readFormat(format),
    ...(Object.keys(own).length > 0 && { providerOptions: { ollama: own } }),
  };
  return { model, request };
}

type Sampling = Partial<Pick<ModelRequest, keyof typeof optionNames>>;

/** The options that have a name of ours, and the rest. */
function readOptions(options: Json | undefined): { readonly ours: Sampling; readonly theirs?: JsonObject } {
  if (options == null) return { ours: {} };
  if (!isObject(options)) throw refused("options", "an object");
  const ours: Record<string, Json> = {};
  const theirs: Record<string, Json | undefined> = { ...options };
  for (const [name, wireName] of Object.entries(optionNames)) {
    const value = options[wireName];
    delete theirs[wireName];
    if (value == null) continue;
    if (name === "stop") ours[name] = readStop(value);
    else if (typeof value !== "number") throw refused(`options.${wireName}`, "a number");
    // Below nothing means without end (-1) or until the context is full (-2): what leaving it out means to us.
    else if (name !== "maxOutputTokens" || value > 0) ours[name] = value;
  }
  return { ours, ...(Object.keys(theirs).length > 0 && { theirs }) };
}

function readStop(value: Json): string[] {
  const stop: readonly Json[] = Array.isArray(value) ? value : [value];
  return stop.map((text) => {
    if (typeof text !== "string") throw refused("options.stop", "a text or a list of texts");
    return text;
  });
}

function readThink(think: Json | undefined): Reasoning | undefined {
  if (think == null) return undefined;
  if (think === false) return "none";
  if (think === true) return "medium";
  if (!levels.has(think)) throw refused("think", "true, false, low, medium, high or max");
  return think as Reasoning;
}

function readFormat(format: Json | undefined): Pick<ModelRequest, "output"> {
  if (format == null || format === "") return {};
  if (format === "json") return { output: {} };
  if (!isObject(format)) throw refused("format", "json or a JSON Schema");
  return { output: { schema: format } };
}

function readTools(tools: Json | undefined): FunctionTool[] {
  if (tools == null) return [];
  if (!Array.isArray(tools)) throw refused("tools", "a list of tools");
  return (tools as readonly Json[]).map((tool, place) => {
    const described = isObject(tool) ? tool["function"] : undefined;
    if (!isObject(described)) throw refused(`tools[${place}].function`, "an object");
    const { name, description, parameters } = described;
    if (typeof name !== "string" || name === "") throw refused(`tools[${place}].function.name`, "a name");
    if (parameters != null && !isObject(parameters))
      throw refused(`tools[${place}].function.parameters`, "a JSON Schema");
    const input = parameters ?? {};
    return typeof description === "string" ? { name, description, input } : { name, input };
  });
}

/** What every line begins with. */
type Head = { readonly model: string; readonly created_at: string };

function headOf(
  { model, created }: Pick<ModelResult, "model" | "created">,
  asked: Pick<ServedRequest, "model">,
  now: () => number,
): Head {
  return { model: model || asked.model, created_at: new Date(created ?? now()).toISOString() };
}

/** Writes an answer as the lines of a stream: one for every piece that has been said, and the last one `done`. */
function chatWriter(begin: (start: Pick<ModelResult, "model" | "created">) => Head): EventWriter {
  let head: Head | undefined;
  let calls = 0;
  function line(message: JsonObject): string {
    head ??= begin({ model: "" });
    return `${JSON.stringify({ ...head, message: { role: "assistant", content: "", ...message }, done: false })}\n`;
  }
  return {
    write(event) {
      switch (event.type) {
        case "start":
          head = begin(event);
          return "";
        case "text-delta":
          return line({ content: event.text });
        case "reasoning-delta":
          return line({ thinking: event.text });
        case "part":
          if (event.part.type === "tool-call" && !event.part.executed) {
            return line({ tool_calls: [writeToolCall(event.part, calls++, "answer", ignore)] });
          }
          if (event.part.type === "file" && isImage(event.part)) {
            return line({ images: [writeImage(event.part, "answer")] });
          }
          return "";
        case "finish":
          head ??= begin({ model: "" });
          return `${JSON.stringify(lastLine(event, head, { content: "" }))}\n`;
        default: // a call is written once it is whole; counts stand on the last line
          return "";
      }
    },
    fail: (error) => `${JSON.stringify({ error: error.message })}\n`,
  };
}

function lastLine(
  { finishReason, rawFinishReason, usage, providerData }: Finish,
  head: Head,
  message: JsonObject,
): JsonObject {
  // `load` and `unload` are Ollama's own, and are nothing of ours.
  const reason = finishReason === "other" && rawFinishReason ? rawFinishReason : doneReasons[finishReason];
  return {
    ...head,
    message: { role: "assistant", ...message },
    done: true,
    done_reason: reason,
    ...providerData?.["ollama"],
    ...(usage.input !== undefined && { prompt_eval_count: usage.input }),
    ...(usage.output !== undefined && { eval_count: usage.output }),
  };
}
