import type { JsonObject } from "@plugboard/core";
import { openaiResponses } from "@plugboard/openai/responses";
import { sse } from "./protocol.ts";
import type { Protocol, WireAnswer, WireCall } from "./protocol.ts";

const head = { id: "resp_67c", object: "response", created_at: 1_763_000_000, model: "gpt-4o-2024-08-06" };
const usage = {
  input_tokens: 12,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 19,
};
const message = { id: "msg_1", type: "message", role: "assistant" };
const thoughts = 20; // out of the way of the text, or of calls: an answer here has one of the two

function event(type: string, data: JsonObject): string {
  return sse({ type, ...data }, type);
}

function callItem({ id, name, pieces }: WireCall, status: string): JsonObject {
  const text = status === "completed" ? pieces.join("") : "";
  return { id: `fc_${id}`, type: "function_call", status, call_id: id, name, arguments: text };
}

function piece(call: WireCall, place: number, delta: string): string {
  return event("response.function_call_arguments.delta", { item_id: `fc_${call.id}`, output_index: place, delta });
}

function begun(call: WireCall, place = 0): string {
  const item = callItem(call, "in_progress");
  return event("response.output_item.added", { output_index: place, item }) + piece(call, place, call.pieces[0]!);
}

function outputOf({ text = "", calls = [] }: WireAnswer): JsonObject[] {
  const content = [{ type: "output_text", text, annotations: [] }];
  return [
    ...(text === "" ? [] : [{ ...message, status: "completed", content }]),
    ...calls.map((call) => callItem(call, "completed")),
  ];
}

function endOf(answer: WireAnswer): JsonObject {
  const cut = answer.ending === "length";
  return {
    ...head,
    status: cut ? "incomplete" : "completed",
    error: null,
    incomplete_details: cut ? { reason: "max_output_tokens" } : null,
    output: outputOf(answer),
    usage,
  };
}

/** https://platform.openai.com/docs/api-reference/responses-streaming */
export const responses: Protocol = {
  name: "responses",
  provider: "openai",
  model: (options) => openaiResponses("gpt-4o", options),
  preamble:
    event("response.created", { response: { ...head, status: "in_progress", output: [], usage: null } }) +
    event("response.in_progress", { response: { ...head, status: "in_progress", output: [], usage: null } }),
  text: (delta) =>
    event("response.output_text.delta", { item_id: message.id, output_index: 0, content_index: 0, delta }),
  reasoning: (delta) =>
    event("response.reasoning_summary_text.delta", {
      item_id: "rs_1",
      output_index: thoughts,
      summary_index: 0,
      delta,
    }),
  call: (call, place = 0) =>
    begun(call, place) +
    call.pieces
      .slice(1)
      .map((text) => piece(call, place, text))
      .join("") +
    event("response.output_item.done", { output_index: place, item: callItem(call, "completed") }),
  callBegun: (call) => begun(call),
  ending: ({ text = "" }) =>
    text === ""
      ? ""
      : event("response.output_text.done", { item_id: message.id, output_index: 0, content_index: 0, text }) +
        event("response.output_item.done", { output_index: 0, item: outputOf({ text })[0]! }),
  done: (answer) =>
    event(answer.ending === "length" ? "response.incomplete" : "response.completed", { response: endOf(answer) }),
  idling: event("response.in_progress", { response: { ...head, status: "in_progress", output: [], usage: null } }),
  unknown: event("response.weather.delta", { delta: "rain" }),
  error: ({ message: said, type }) => event("error", { code: type, message: said, param: null, sequence_number: 3 }),
  whole: (answer) => JSON.stringify(endOf(answer)),
  failure: ({ message: said, type }) => JSON.stringify({ error: { message: said, type, param: null, code: type } }),
};
