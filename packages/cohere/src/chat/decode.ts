import type { Json, JsonObject, ModelEvent, ModelResult, Start } from "@plugboard/core";
import type { StreamDecoder } from "@plugboard/wire";
import { Gathering, ModelError } from "@plugboard/core";
import { failureInBand, listOf, objectOf, parseJson, stringOf } from "@plugboard/wire";
import { AnswerReader } from "./answer-reader.ts";
import { citedPart } from "./citations.ts";
import { failures } from "../failures.ts";
import { owner } from "../account.ts";

/** What an answer is read with: what was known when the question was written. */
export interface Decoding {
  /** Cohere's answers do not name the model. */
  readonly model: string;
  /** The application's name of a tool. */
  readonly toolName: (wireName: string) => string;
}

/** What is known before an answer says anything. */
export type Head = Pick<Start, "headers" | "warnings">;

/** Reads a stream: made anew for every answer. */
export function chatDecoder(head: Head, decoding: Decoding): StreamDecoder {
  const answer = new AnswerReader(head, decoding);
  return {
    push(data, _name, out) {
      if (data === "[DONE]") return; // the message has ended before it
      const event = parseEvent(data, decoding.model);
      const delta = objectOf(event["delta"]);
      const message = objectOf(delta?.["message"]);
      switch (event["type"]) {
        case "content-delta": {
          const content = objectOf(message?.["content"]);
          answer.say(content?.["thinking"] === undefined ? "text" : "reasoning", pieceOf(content), out);
          return;
        }
        case "content-start": {
          const content = objectOf(message?.["content"]);
          answer.closePart(out);
          answer.say(content?.["type"] === "thinking" ? "reasoning" : "text", pieceOf(content), out);
          return;
        }
        case "tool-plan-delta":
          answer.plan(stringOf(message?.["tool_plan"]) ?? "", out);
          return;
        case "tool-call-start":
          answer.beginCall(objectOf(message?.["tool_calls"]) ?? {}, out);
          return;
        case "tool-call-delta": {
          const call = objectOf(objectOf(message?.["tool_calls"])?.["function"]);
          answer.addArguments(stringOf(call?.["arguments"]) ?? "", out);
          return;
        }
        case "tool-call-end":
          answer.endCall(out);
          return;
        case "citation-start": {
          const cited = message?.["citations"];
          for (const citation of Array.isArray(cited) ? listOf(cited) : [cited]) {
            const wire = objectOf(citation);
            if (wire) answer.cite(wire, out);
          }
          return;
        }
        case "message-start":
          answer.begin(stringOf(event["id"]), out);
          return;
        case "message-end":
          answer.end(delta ?? {}, out);
          return;
        default:
          if (event["type"] === undefined && stringOf(event["message"]) !== undefined) throw errorOf(event, decoding);
        // The ends of content and citations, debugging, and types that are younger than this adapter.
      }
    },
    end() {}, // all is said by `message-end`; without it the answer was cut
  };
}

/**
 * Reads an answer in one body.
 *
 * @throws {ModelError} the error that it ended with, with what was said before it in `partial`; `parse` when there is no answer in it
 */
export function decodeChat(body: Json, head: Head, decoding: Decoding): ModelResult {
  const whole = objectOf(body);
  const message = objectOf(whole?.["message"]);
  if (!whole || !message) {
    if (stringOf(whole?.["message"]) !== undefined) throw errorOf(whole!, decoding);
    throw unreadable("The body has no `message`.", decoding.model);
  }

  const events: ModelEvent[] = [];
  const answer = new AnswerReader(head, decoding);
  const gathering = new Gathering();
  try {
    readWhole(whole, message, answer, events);
  } catch (error) {
    for (const event of events) gathering.add(event);
    if (error instanceof ModelError) error.partial ??= gathering.result;
    throw error;
  }
  for (const event of events) gathering.add(event);
  return gathering.result;
}

function readWhole(whole: JsonObject, message: JsonObject, answer: AnswerReader, out: ModelEvent[]): void {
  answer.begin(stringOf(whole["id"]), out);
  const { content } = message;
  const blocks = typeof content === "string" ? [{ type: "text", text: content }] : listOf(content).map(objectOf);
  const texts = blocks.findIndex((block) => block?.["type"] !== "thinking");
  const citations = listOf(message["citations"])
    .map(objectOf)
    .filter((citation) => citation !== undefined);
  blocks.forEach((block, place) => {
    answer.closePart(out);
    answer.say(block?.["type"] === "thinking" ? "reasoning" : "text", pieceOf(block), out);
    for (const citation of citations) {
      if (citedPart(citation) !== "plan" && (citation["content_index"] ?? texts) === place) answer.cite(citation, out);
    }
  });
  answer.plan(stringOf(message["tool_plan"]) ?? "", out);
  for (const citation of citations) if (citedPart(citation) === "plan") answer.cite(citation, out);
  for (const value of listOf(message["tool_calls"])) {
    answer.beginCall(objectOf(value) ?? {}, out);
    answer.endCall(out);
  }
  answer.end(whole, out);
}

/** The text or the thought of a block, or of a piece of it. */
function pieceOf(content: JsonObject | undefined): string {
  return stringOf(content?.["text"]) ?? stringOf(content?.["thinking"]) ?? "";
}

function errorOf(body: JsonObject, { model }: Decoding): ModelError {
  return failureInBand(body, { provider: owner, model, rules: failures });
}

function parseEvent(data: string, model: string): JsonObject {
  let event: JsonObject | undefined;
  try {
    event = objectOf(parseJson(data));
  } catch (cause) {
    throw unreadable("An event of the stream is not JSON.", model, cause);
  }
  if (!event) throw unreadable("An event of the stream is not an object.", model);
  return event;
}

function unreadable(message: string, model: string, cause?: unknown): ModelError {
  return new ModelError(message, { code: "parse", provider: owner, model, ...(cause !== undefined && { cause }) });
}
