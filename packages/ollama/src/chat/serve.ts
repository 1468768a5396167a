import type {
  FinishReason,
  FunctionTool,
  Json,
  JsonObject,
  ModelError,
  ModelErrorCode,
  ModelEvent,
  ModelRequest,
  ModelResult,
  Reasoning,
  Usage,
} from "@plugboard/core";
import type { EventWriter, ServedProtocol, ServedRequest } from "@plugboard/wire";
import { optionNames } from "./encode.ts";
import { isImage, writeImage } from "./image.ts";
import { isObject } from "./is-object.ts";
import { readMessages, refused, writeAnswer, writeToolCall } from "./messages.ts";

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

const statuses: { readonly [Code in ModelErrorCode]: number } = {
  "rate-limit": 429,
  overloaded: 503,
  server: 500,
  network: 502,
  timeout: 504,
  truncated: 502,
  auth: 401,
  permission: 403,
  "not-found": 404,
  "invalid-request": 400,
  "context-length": 400,
  "content-filter": 400,
  quota: 402,
  parse: 502,
  budget: 402,
  "circuit-open": 503,
  aborted: 499, // what Ollama itself answers to a request that was called off
  unsupported: 400,
  unknown: 500,
};

const levels: ReadonlySet<Json | undefined> = new Set(["low", "medium", "high", "max"]);

/** What has a place in our request; anything else in the body is handed on to an Ollama behind it. */
const known = new Set(["model", "messages", "tools", "format", "options", "stream", "think"]);

const ignore = (): void => {};

/**
 * Ollama's `/api/chat` in the server's direction.
 *
 * @example
 * const { model, request } = chat.readRequest(body);
 * const answer = chat.writeResult(await models[model].generate(request), { model, request });
 */
export const chat: ServedProtocol = {
  name: "ollama-chat",
  streamType: "application/x-ndjson",
  readRequest,
  writeResult: (result, asked) => lastLine(result, asked, writeAnswer(result.content, "answer", ignore)),
  writer,
  writeError: (error) => ({
    status: statuses[error.code],
    headers: error.retryAfter === undefined ? {} : { "retry-after": String(Math.ceil(error.retryAfter / 1000)) },
    body: errorBody(error),
  }),
};

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

/** Writes an answer as the lines of a stream: one for every piece that has been said, and the last one `done`. */
function writer(asked: ServedRequest): EventWriter {
  let start: Pick<ModelResult, "model" | "created"> = { model: asked.model };
  let calls = 0;
  const line = (message: JsonObject): string =>
    `${JSON.stringify({ ...head(start, asked), message: { role: "assistant", content: "", ...message }, done: false })}\n`;
  return {
    write(event: ModelEvent): string {
      switch (event.type) {
        case "start":
          start = event;
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
          return `${JSON.stringify(lastLine({ ...start, ...event }, asked, { content: "" }))}\n`;
        default: // a call is written once it is whole; counts stand on the last line
          return "";
      }
    },
    fail: (error) => `${JSON.stringify(errorBody(error))}\n`,
  };
}

/** What every line begins with. The time is that of the answer, else of the writing: the protocol wants one. */
function head({ model, created }: Pick<ModelResult, "model" | "created">, asked: ServedRequest): JsonObject {
  return { model: model || asked.model, created_at: new Date(created ?? Date.now()).toISOString() };
}

function lastLine(
  result: Pick<ModelResult, "model" | "created" | "finishReason" | "rawFinishReason" | "usage" | "providerData">,
  asked: ServedRequest,
  message: JsonObject,
): JsonObject {
  const { finishReason, rawFinishReason, usage, providerData } = result;
  // `load` and `unload` are Ollama's own, and are nothing of ours.
  const reason = finishReason === "other" && rawFinishReason ? rawFinishReason : doneReasons[finishReason];
  return {
    ...head(result, asked),
    message: { role: "assistant", ...message },
    done: true,
    done_reason: reason,
    ...providerData?.["ollama"],
    ...writeUsage(usage),
  };
}

function writeUsage({ input, output }: Usage): JsonObject {
  return {
    ...(input !== undefined && { prompt_eval_count: input }),
    ...(output !== undefined && { eval_count: output }),
  };
}

function errorBody(error: ModelError): JsonObject {
  return { error: error.message };
}
