import { Gathering } from "@plugboard/core";
import type { Json, JsonObject, ModelEvent, ModelResult } from "@plugboard/core";
import { TextTwins, parseJson } from "@plugboard/wire";
import type { StreamDecoder } from "@plugboard/wire";
import { isList, isObject } from "../shared/fields.ts";
import { AnswerReader } from "./answer-reader.ts";
import type { AnswerStart, Decoding } from "./answer-reader.ts";
import { textOf } from "./items.ts";

/** Of deltas, what is another in every event and means nothing: a count, and what hides the length of a text. */
const unread = ["sequence_number", "obfuscation"];

/** Where a delta of text belongs. */
interface DeltaPlace {
  readonly type: string;
  readonly place: number | string;
  readonly number: number;
}

/** Reads a stream of events. */
export function responseDecoder(decoding: Decoding, start: AnswerStart): StreamDecoder {
  const answer = new AnswerReader(decoding, start);
  const twins = new TextTwins(unread);
  let last: DeltaPlace | undefined;
  let over = false;

  return {
    get busy() {
      return !over && answer.busy;
    },
    push(data, name, out) {
      if (over) return;
      const text = twins.textOf(data);
      if (text !== undefined && last) return say(last, text, answer, out);
      if (data === "[DONE]") return;
      const event = parse(data, answer);
      const type = textOf(event["type"]) || name;
      last = deltaPlaceOf(event, type);
      if (last) {
        say(last, textOf(event["delta"]), answer, out);
        // Without a type of its own the name of the event counts, which twins know nothing of.
        if (textOf(event["type"]) === "") twins.forget();
        else twins.learn(data, "delta", textOf(event["delta"]));
      } else {
        twins.forget();
        over = take(event, type, answer, out);
      }
    },
    end() {}, // without its last event an answer was cut
  };
}

/** Where an item stands in the output; of a server that does not count, which item it is. */
function placeOf({ output_index: place, item_id: id, item }: JsonObject): number | string {
  if (typeof place === "number") return place;
  return textOf(id) || (isObject(item) ? textOf(item["id"]) : "");
}

function numberOf(value: Json | undefined): number {
  return typeof value === "number" ? value : 0;
}

/** Where the text of a delta belongs; `undefined` for other events. */
function deltaPlaceOf(event: JsonObject, type: string): DeltaPlace | undefined {
  switch (type) {
    case "response.output_text.delta":
    case "response.refusal.delta":
    case "response.reasoning_text.delta":
    case "response.function_call_arguments.delta":
    case "response.custom_tool_call_input.delta":
      return { type, place: placeOf(event), number: numberOf(event["content_index"]) };
    case "response.reasoning_summary_text.delta":
      return { type, place: placeOf(event), number: numberOf(event["summary_index"]) };
    default:
      return undefined;
  }
}

function say({ type, place, number }: DeltaPlace, text: string, answer: AnswerReader, out: ModelEvent[]): void {
  switch (type) {
    case "response.output_text.delta":
      return answer.textDelta(place, number, text, out);
    case "response.refusal.delta":
      return answer.refusalDelta(place, number, text, out);
    case "response.reasoning_text.delta":
    case "response.reasoning_summary_text.delta":
      return answer.thoughtDelta(place, number, text, out);
    default:
      return answer.argumentsDelta(place, text, out);
  }
}

/** Whether the event, which is no delta of text, is the last. */
function take(event: JsonObject, type: string, answer: AnswerReader, out: ModelEvent[]): boolean {
  const place = placeOf(event);
  switch (type) {
    case "response.output_text.annotation.added":
      answer.annotation(place, numberOf(event["content_index"]), event["annotation"] ?? null);
      return false;
    case "response.output_item.added":
      if (isObject(event["item"])) answer.itemAdded(place, event["item"], out);
      return false;
    case "response.output_item.done":
      if (isObject(event["item"])) answer.itemDone(place, event["item"], out);
      return false;
    case "response.created":
      if (isObject(event["response"])) answer.begin(event["response"], out);
      return false;
    case "response.completed":
    case "response.incomplete":
    case "response.failed": {
      const response = isObject(event["response"]) ? event["response"] : {};
      answer.end({ status: type.slice("response.".length), ...response }, out);
      return true;
    }
    case "error":
      throw answer.failure(event);
    default: // progress that has no word of ours, and what the protocol does not know yet
      if (type === "" && isObject(event["error"])) throw answer.failure(event);
      return false;
  }
}

/**
 * Reads an answer in one body.
 *
 * @throws {ModelError} an error sent with status 200; `parse` when there is no answer in it; `unsupported` for one that is made in the
 *   background
 */
export function decodeResponse(body: Json, decoding: Decoding, start: AnswerStart): ModelResult {
  const answer = new AnswerReader(decoding, start);
  if (!isObject(body)) throw answer.unreadable("is no response: it is not an object");
  if (body["object"] === "chat.completion") return foreignAnswer(body, decoding, start);
  if (!isList(body["output"]) && (body["error"] ?? undefined) === undefined)
    throw answer.unreadable("is no response: it has no output");

  const events: ModelEvent[] = [];
  answer.end(body, events);
  const gathering = new Gathering();
  for (const event of events) gathering.add(event);
  return gathering.result;
}

/**
 * Azure answers some models of others (recorded: DeepSeek) with a chat completion, though a response was asked for. OpenAI's own client
 * takes that for an answer without output; so do we, but keep what came, and say so.
 */
function foreignAnswer(
  body: JsonObject,
  { dialect, model }: Decoding,
  { warnings = [], ...start }: AnswerStart,
): ModelResult {
  const { provider } = dialect;
  const message = `${provider} answered with a chat completion, which is kept as an opaque part: ask ${model} through chat completions.`;
  return {
    model: textOf(body["model"]) || model,
    ...start,
    content: [{ type: "opaque", kind: "chat.completion", providerData: { [provider]: { completion: body } } }],
    finishReason: "stop",
    usage: {},
    warnings: [...warnings, { code: "adapted", message }],
  };
}

function parse(data: string, answer: AnswerReader): JsonObject {
  let value: Json;
  try {
    value = parseJson(data);
  } catch {
    throw answer.unreadable("is no response: an event is not JSON");
  }
  if (!isObject(value)) throw answer.unreadable("is no response: an event is not an object");
  return value;
}
