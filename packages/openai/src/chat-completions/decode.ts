import { Gathering, ModelError } from "@plugboard/core";
import type { Json, ModelEvent, ModelResult } from "@plugboard/core";
import { TextTwins, failureInBand, parseJson } from "@plugboard/wire";
import type { FailureContext, StreamDecoder } from "@plugboard/wire";
import { AnswerReader } from "./answer-reader.ts";
import type { AnswerStart, Decoding } from "./answer-reader.ts";
import type { WireChoice, WireChunk, WireDelta } from "./chunk.ts";
import { isObject } from "../shared/fields.ts";

/** Where a choice of a stream, or of a body, says something. */
type SaidBy = (choice: WireChoice) => WireDelta | null | undefined;

/** The padding that OpenAI and Mistral hide the length of a text with. */
const padding = ["obfuscation", "p"];

const deltaOf: SaidBy = ({ delta }) => delta;
const messageOf: SaidBy = ({ message }) => message;

/** Reads a stream of chunks. */
export function chatStreamDecoder(decoding: Decoding, start: AnswerStart, saidBy: SaidBy = deltaOf): StreamDecoder {
  const answer = new AnswerReader(decoding, start);
  const twins = new TextTwins(padding);
  let over = false;

  return {
    push(data, name, out) {
      if (over) return;
      const text = name === "" ? twins.textOf(data) : undefined;
      if (text !== undefined) return answer.text(text, out);
      if (data === "[DONE]") {
        over = true;
        answer.end(out, answer.begun);
        return;
      }
      const chunk = parse(data, decoding);
      const error = name === "error" ? (chunk.error ?? chunk) : errorOf(chunk);
      if (error) throw failureInBand(error as Json, failing(decoding));
      const choice = firstChoice(chunk);
      answer.take(chunk, choice, choice && saidBy(choice), out);
      const alone = twins.learns && name === "" && answer.begun ? textAlone(chunk) : undefined;
      if (alone === undefined) twins.forget();
      else twins.learn(data, "content", alone);
    },
    end(out) {
      if (!over && !decoding.dialect.endsWithDone) answer.end(out, false);
      over = true;
    },
  };
}

/**
 * Reads an answer in one body: a chunk that says everything.
 *
 * @throws {ModelError} an error sent with status 200; `parse` when there is no answer in it
 */
export function decodeChat(
  body: Json,
  decoding: Decoding,
  start: AnswerStart,
  saidBy: SaidBy = messageOf,
): ModelResult {
  if (!isObject(body)) throw notAnAnswer(decoding, "not an object");
  const chunk = body as WireChunk;
  const error = errorOf(chunk);
  if (error) throw failureInBand(error as Json, failing(decoding));
  const choice = firstChoice(chunk);
  if (!choice) throw notAnAnswer(decoding, "without choices");

  const events: ModelEvent[] = [];
  const answer = new AnswerReader(decoding, start);
  answer.take(chunk, choice, saidBy(choice), events);
  answer.end(events, true);
  const gathering = new Gathering();
  for (const event of events) gathering.add(event);
  return gathering.result;
}

/** The text of a chunk that brings no more than that, whatever else it repeats. */
function textAlone({ choices, usage, x_groq: groq, error }: WireChunk): string | undefined {
  if (usage || groq || error || choices?.length !== 1) return undefined;
  const { index, delta, finish_reason: reason, logprobs } = choices[0] ?? {};
  if (index || reason || logprobs || !delta || typeof delta.content !== "string") return undefined;
  for (const name in delta) {
    if (name !== "content" && name !== "role" && delta[name as keyof WireDelta]) return undefined;
  }
  return delta.content;
}

function firstChoice({ choices }: WireChunk): WireChoice | undefined {
  if (!Array.isArray(choices)) return undefined;
  for (const choice of choices as readonly (WireChoice | null)[]) if (choice && !choice.index) return choice;
  return undefined;
}

function errorOf(chunk: WireChunk): unknown {
  return chunk.error || (chunk.object === "error" ? chunk : undefined);
}

function failing({ dialect, model }: Decoding): FailureContext {
  return { provider: dialect.provider, model, rules: dialect.failures };
}

function parse(data: string, decoding: Decoding): WireChunk {
  let value: Json;
  try {
    value = parseJson(data);
  } catch {
    throw notAnAnswer(decoding, "not JSON");
  }
  if (!isObject(value)) throw notAnAnswer(decoding, "not an object");
  return value;
}

function notAnAnswer({ dialect, model }: Decoding, how: string): ModelError {
  const { provider } = dialect;
  return new ModelError(`The answer of ${provider} is no chat completion: it is ${how}.`, {
    code: "parse",
    provider,
    model,
  });
}
