import type {
  AssistantPart,
  Finish,
  FinishReason,
  Json,
  JsonObject,
  ModelEvent,
  ModelResult,
  Start,
  Usage,
} from "@plugboard/core";
import type { StreamDecoder } from "@plugboard/wire";
import { Gathering, ModelError } from "@plugboard/core";
import { failureInBand, listOf, objectOf, parseJson } from "@plugboard/wire";
import { failures } from "./failures.ts";
import { readImage } from "./image.ts";
import { readToolCall } from "./read-messages.ts";

/**
 * Their `done_reason` in our words. `content_filter` and `refusal` are not Ollama's own: servers that speak its protocol say so, ours
 * among them.
 */
const finishReasons: ReadonlyMap<string, FinishReason> = new Map([
  ["stop", "stop"],
  ["length", "length"],
  ["content_filter", "content-filter"],
  ["refusal", "refusal"],
]);

/** What stands beside the answer on its last line: nanoseconds, kept under Ollama's names in `providerData`. */
const metricNames = ["total_duration", "load_duration", "prompt_eval_duration", "eval_duration"] as const;

/** Understands the lines of one streamed answer. */
export function decoder(start: Pick<Start, "headers" | "warnings">): StreamDecoder {
  const read = lineReader(start);
  return {
    push(data, _name, out) {
      read(parse(data), out);
    },
    end() {
      // The finish is pushed by the line that says `done`; a body without one broke off.
    },
  };
}

/** Reads the lines of one answer, the last of which is `done`; an answer in one body is a single such line. */
function lineReader(start: Pick<Start, "headers" | "warnings">): (line: JsonObject, out: ModelEvent[]) => void {
  // The part that is being said. A line says nearly always more of the same, so it is held in two variables.
  let index = 0;
  let type: "text" | "reasoning" | undefined;
  let said = "";
  let begun = false;
  let finished = false;
  let created = 0;
  let calls = 0;

  function say(kind: "text" | "reasoning", text: string, out: ModelEvent[]): void {
    if (type !== kind) {
      close(out);
      type = kind;
    }
    said += text;
    out.push({ type: kind === "text" ? "text-delta" : "reasoning-delta", index, text });
  }

  function close(out: ModelEvent[]): void {
    if (!type) return;
    add({ type, text: said }, out);
    type = undefined;
    said = "";
  }

  function add(part: AssistantPart, out: ModelEvent[]): void {
    out.push({ type: "part", index, part });
    index++;
  }

  function call(item: Json, out: ModelEvent[]): void {
    // Older servers send no ids. Made of the time of the answer, they differ from those of earlier answers in a conversation.
    const part = readToolCall(item, `call_${created.toString(36)}_${calls}`);
    if (!part) throw notChat("a tool call has no name");
    calls++;
    out.push({ type: "tool-call-start", index, id: part.id, name: part.name });
    out.push({ type: "tool-call-delta", index, text: part.raw ?? JSON.stringify(part.input) });
    add(part, out);
  }

  function message({ thinking, content, images, tool_calls: toolCalls }: JsonObject, out: ModelEvent[]): void {
    if (typeof thinking === "string" && thinking !== "") say("reasoning", thinking, out);
    if (typeof content === "string" && content !== "") say("text", content, out);
    for (const image of listOf(images)) {
      close(out);
      if (typeof image !== "string") throw notChat("an image is not base64");
      add(readImage(image), out);
    }
    for (const item of listOf(toolCalls)) {
      close(out);
      call(item, out);
    }
  }

  return (line, out) => {
    if (finished) return;
    if (line["error"] != null) throw failureInBand(line["error"], { provider: "ollama", rules: failures });
    if (!begun) {
      begun = true;
      created = readTime(line["created_at"]) ?? 0;
      out.push({ type: "start", ...startOf(line, start) });
    }
    const told = objectOf(line["message"]);
    if (told) message(told, out);
    // `/api/generate` has no message around what it says.
    else if (line["response"] !== undefined)
      message({ content: line["response"], thinking: line["thinking"] ?? "" }, out);
    if (line["done"] !== true) return;
    finished = true;
    close(out);
    out.push({ type: "finish", ...finishOf(line, calls > 0) });
  };
}

/**
 * An answer in one body.
 *
 * @throws {ModelError} what the provider says went wrong; `parse` when it is no chat answer, `truncated` when it is not done
 */
export function decodeWhole(body: Json, start: Pick<Start, "headers" | "warnings">): ModelResult {
  const answer = objectOf(body);
  if (!answer) throw notChat("it is no object");
  const events: ModelEvent[] = [];
  lineReader(start)(answer, events);
  const gathering = new Gathering();
  for (const event of events) gathering.add(event);
  if (gathering.finish) return gathering.result;
  throw new ModelError("Ollama's answer is not done.", {
    code: "truncated",
    provider: "ollama",
    partial: gathering.result,
  });
}

function parse(data: string): JsonObject {
  let line: JsonObject | undefined;
  try {
    line = objectOf(parseJson(data));
  } catch (cause) {
    throw notChat("a line is no JSON", cause);
  }
  if (!line) throw notChat("a line is no object");
  return line;
}

function startOf({ model, created_at: createdAt }: JsonObject, start: Pick<Start, "headers" | "warnings">): Start {
  const created = readTime(createdAt);
  return { ...start, model: typeof model === "string" ? model : "", ...(created !== undefined && { created }) };
}

function finishOf(line: JsonObject, hasCalls: boolean): Finish {
  const reason = typeof line["done_reason"] === "string" ? line["done_reason"] : undefined;
  // Servers of before 2024-09 say `done` without a reason; a call ends with `stop` like any other answer.
  const told = reason ? (finishReasons.get(reason) ?? "other") : "stop";
  const metrics: Record<string, number> = {};
  for (const name of metricNames) {
    const value = line[name];
    if (typeof value === "number") metrics[name] = value;
  }
  return {
    finishReason: told === "stop" && hasCalls ? "tool-calls" : told,
    ...(reason && { rawFinishReason: reason }),
    usage: usageOf(line),
    ...(Object.keys(metrics).length > 0 && { providerData: { ollama: metrics } }),
  };
}

/** The counts that are there: a prompt that was cached has none, which is not 0. */
function usageOf({ prompt_eval_count: input, eval_count: output }: JsonObject): Usage {
  return { ...(isCount(input) && { input }), ...(isCount(output) && { output }) };
}

function isCount(value: Json | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function readTime(value: Json | undefined): number | undefined {
  const time = typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isNaN(time) ? undefined : time;
}

function notChat(what: string, cause?: unknown): ModelError {
  return new ModelError(`Ollama's answer is not one of its chat: ${what}.`, {
    code: "parse",
    provider: "ollama",
    cause,
  });
}
