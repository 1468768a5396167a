import type { Finish, FinishReason, Json, JsonObject, ModelRequest, ModelResult, Reasoning } from "@plugboard/core";
import type { EventWriter, ServedProtocol, ServedRequest } from "@plugboard/wire";
import {
  functionToolAt,
  httpStatuses,
  listAt,
  nameAt,
  objectAt,
  objectOf,
  optionalFlag,
  optionalNumber,
  refusedField,
  retryAfterHeader,
  textAt,
  without,
} from "@plugboard/wire";
import { optionNames } from "./encode.ts";
import { isImage, writeImage } from "./image.ts";
import { writeAnswer, writeToolCall } from "./messages.ts";
import { readMessages } from "./read-messages.ts";

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
const known = ["model", "messages", "tools", "format", "options", "stream", "think"];

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
  const asked = objectAt(body, "body");
  const { ours, theirs } = readOptions(asked["options"]);
  const reasoning = readThink(asked["think"]);
  const tools = listAt(asked["tools"], "tools").map((tool, place) =>
    functionToolAt(objectOf(tool)?.["function"], `tools[${place}].function`),
  );
  const own = { ...without(asked, ...known), ...(theirs && { options: theirs }) };
  const request: ModelRequest = {
    messages: readMessages(asked["messages"]),
    stream: optionalFlag(asked["stream"], "stream") ?? true, // Ollama streams unless told not to
    ...ours,
    ...(tools.length > 0 && { tools }),
    ...(reasoning !== undefined && { reasoning }),
    ...readFormat(asked["format"]),
    ...(Object.keys(own).length > 0 && { providerOptions: { ollama: own } }),
  };
  return { model: nameAt(asked["model"], "model"), request };
}

type Sampling = Partial<Pick<ModelRequest, keyof typeof optionNames>>;

/** The options that have a name of ours, and the rest. */
function readOptions(value: Json | undefined): { readonly ours: Sampling; readonly theirs?: JsonObject } {
  const options = value == null ? {} : objectAt(value, "options");
  const ours: Record<string, Json> = {};
  for (const [name, wireName] of Object.entries(optionNames)) {
    const told = options[wireName];
    if (told == null) continue;
    const number = name === "stop" ? undefined : optionalNumber(told, `options.${wireName}`);
    if (number === undefined) ours[name] = readStop(told);
    // Below nothing means without end (-1) or until the context is full (-2): what leaving it out means to us.
    else if (name !== "maxOutputTokens" || number > 0) ours[name] = number;
  }
  const theirs = without(options, ...Object.values(optionNames));
  return { ours, ...(Object.keys(theirs).length > 0 && { theirs }) };
}

function readStop(value: Json): string[] {
  const stop: readonly Json[] = Array.isArray(value) ? value : [value];
  return stop.map((text) => textAt(text, "options.stop"));
}

function readThink(think: Json | undefined): Reasoning | undefined {
  if (think == null) return undefined;
  if (think === false) return "none";
  if (think === true) return "medium";
  if (!levels.has(think)) throw refusedField("think", "true, false, low, medium, high or max", think);
  return think as Reasoning;
}

function readFormat(format: Json | undefined): Pick<ModelRequest, "output"> {
  if (format == null || format === "") return {};
  if (format === "json") return { output: {} };
  const schema = objectOf(format);
  if (!schema) throw refusedField("format", "json or a JSON Schema", format);
  return { output: { schema } };
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
