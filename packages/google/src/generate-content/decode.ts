import type { Json, ModelEvent, ModelResult } from "@plugboard/core";
import type { StreamDecoder } from "@plugboard/wire";
import type { DecodeContext, Head } from "./answer-reader.ts";
import { Gathering, ModelError } from "@plugboard/core";
import { objectOf, parseEvent } from "@plugboard/wire";
import { AnswerReader } from "./answer-reader.ts";

/**
 * An answer in one body; also a list of chunks, as a stream comes without `alt=sse`.
 *
 * @throws {ModelError} the error that the body is, or `parse` when it is no answer
 */
export function decodeAnswer(body: Json, head: Head, context: DecodeContext): ModelResult {
  const reader = new AnswerReader(head, context);
  const events: ModelEvent[] = [];
  let said = false;
  for (const item of [body].flat() as readonly Json[]) {
    const chunk = objectOf(item);
    if (!chunk) throw unreadable("The body is no JSON object", context);
    reader.read(chunk, events);
    said ||= Array.isArray(chunk["candidates"]) || chunk["promptFeedback"] !== undefined;
  }
  if (!said) throw unreadable("The body has neither `candidates` nor `promptFeedback`", context);
  reader.end(events);
  const gathering = new Gathering();
  for (const event of events) gathering.add(event);
  return gathering.result;
}

/** Reads a stream: made anew for every answer. */
export function answerDecoder(head: Head, context: DecodeContext): StreamDecoder {
  const reader = new AnswerReader(head, context);
  return {
    push(data, _name, out) {
      if (data === "[DONE]") return; // Google has none, but what stands in front of it may
      reader.read(parseEvent(data, context), out);
    },
    end(out) {
      if (reader.ended) reader.end(out);
    },
  };
}

function unreadable(what: string, { provider, model }: DecodeContext): ModelError {
  return new ModelError(`${what}.`, { code: "parse", provider, model });
}
